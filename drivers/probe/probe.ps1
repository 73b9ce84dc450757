# The probe for Windows PowerShell 5.1: tells the station what the device is, and relays allowed commands to its TPM.
# Usage: powershell -NoProfile -ExecutionPolicy Bypass -File probe.ps1 URL PIN CODE [-NoRelay]
# CODE may be the word "bay" where the station knows a bay by its network.
# Works from Shift+F10; installs nothing, writes no file. Flags come by CIM, which is never localised, texts come last.
param(
    [Parameter(Mandatory = $true, Position = 0)][string]$Url,
    [Parameter(Mandatory = $true, Position = 1)][string]$Pin,
    [Parameter(Mandatory = $true, Position = 2)][string]$Code,
    [switch]$NoRelay
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Write-Said([string]$Text) { Write-Host "reseal-probe: $Text" }

# --- The way to the station ------------------------------------------------------------------------------------------

$station = [Uri]$Url
# SubjectPublicKeyInfo of a P-256 key is this head and the 65 bytes of the point (RFC 5480): .NET 4 cannot export it.
$spkiHead = [byte[]](0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00)

function Test-Pin($Certificate) {
    if ($null -eq $Certificate) { return $false }
    $point = $Certificate.GetPublicKey()
    if ($Certificate.GetKeyAlgorithm() -ne '1.2.840.10045.2.1' -or $point.Length -ne 65) { return $false }
    $sha = [Security.Cryptography.SHA256]::Create()
    try { $hash = $sha.ComputeHash([byte[]]($spkiHead + $point)) } finally { $sha.Dispose() }
    return [Convert]::ToBase64String($hash) -ceq $Pin
}

# One request on one connection. The certificate has no issuer: its key is what is checked, before a byte is sent.
function Invoke-Station([string]$Path, [byte[]]$Body, [string[]]$Headers) {
    $tcp = New-Object Net.Sockets.TcpClient
    try {
        $tcp.NoDelay = $true
        $tcp.SendTimeout = 60000
        $tcp.ReceiveTimeout = 60000
        $tcp.Connect($station.DnsSafeHost, $station.Port)
        $check = [Net.Security.RemoteCertificateValidationCallback] {
            param($Source, $Certificate, $Chain, $Errors)
            Test-Pin $Certificate
        }
        $tls = New-Object Net.Security.SslStream($tcp.GetStream(), $false, $check)
        $tls.AuthenticateAsClient($station.DnsSafeHost, $null, [Security.Authentication.SslProtocols]::Tls12, $false)
        $lines = @("POST $Path HTTP/1.1", "Host: $($station.Authority)", 'Connection: close',
            'Content-Type: application/octet-stream', "Content-Length: $($Body.Length)") + $Headers
        $head = [Text.Encoding]::ASCII.GetBytes(($lines -join "`r`n") + "`r`n`r`n")
        $tls.Write($head, 0, $head.Length)
        if ($Body.Length -gt 0) { $tls.Write($Body, 0, $Body.Length) }
        $tls.Flush()
        return Read-Answer $tls
    }
    finally { $tcp.Close() }
}

# Status and body; the station sends at most a frame or a problem document, with its length.
function Read-Answer($Stream) {
    $bytes = New-Object IO.MemoryStream
    $buffer = New-Object byte[] 8192
    while ($bytes.Length -lt 65536) {
        $count = $Stream.Read($buffer, 0, $buffer.Length)
        if ($count -le 0) { break }
        $bytes.Write($buffer, 0, $count)
    }
    $all = $bytes.ToArray()
    $text = [Text.Encoding]::GetEncoding(28591).GetString($all)
    $end = $text.IndexOf("`r`n`r`n")
    if ($end -lt 0 -or $text -notmatch '^HTTP/1\.1 (\d{3})') { throw 'the station gave no answer' }
    $status = [int]$Matches[1]
    $from = $end + 4
    $answer = New-Object byte[] ($all.Length - $from)
    [Array]::Copy($all, $from, $answer, 0, $answer.Length)
    return @{ Status = $status; Body = $answer }
}

function Get-Why($Answer) {
    $text = [Text.Encoding]::UTF8.GetString($Answer.Body)
    $why = [regex]::Match($text, '"code":"([A-Z_]+)","hint":"([^"]*)"')
    return "$($Answer.Status) $($why.Groups[1].Value) $($why.Groups[2].Value)"
}

# --- What the device is ----------------------------------------------------------------------------------------------

$report = New-Object Collections.Generic.List[string]

function Add-Line([string]$Name, $Value) {
    if ($null -eq $Value) { return }
    $text = ([string]$Value) -replace '[\x00-\x1F\x7F]', ' '
    if ($text.Length -gt 1000) { $text = $text.Substring(0, 1000) }
    if ($text.Trim() -ne '') { $report.Add("$Name=$text") }
}

# Each part may fail by itself: what cannot be asked is a note, and the station takes it as not told.
function Invoke-Part([string]$Name, [scriptblock]$Part) {
    try { & $Part } catch { Add-Line 'note' "$Name`: $($_.Exception.Message)" }
}

function Get-Value([string]$Key, [string]$Name) {
    try {
        $found = Get-ItemProperty -LiteralPath "Registry::$Key" -Name $Name -ErrorAction Stop
        return $found.$Name
    }
    catch { return $null }
}

function Get-First([string]$Class, [string]$Namespace = 'root\cimv2') {
    return Get-CimInstance -Namespace $Namespace -ClassName $Class -ErrorAction Stop | Select-Object -First 1
}

function Add-Windows {
    $key = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    Add-Line 'os.edition' (Get-Value $key 'EditionID')
    Add-Line 'os.build' (Get-Value $key 'CurrentBuildNumber')
    Add-Line 'os.revision' (Get-Value $key 'UBR')
    Add-Line 'os.display' (Get-Value $key 'DisplayVersion')
    Add-Line 'os.kind' (Get-Value $key 'InstallationType')
    Add-Line 'os.caption' ((Get-First 'Win32_OperatingSystem').Caption)
}

function Add-Machine {
    $bios = Get-First 'Win32_BIOS'
    Add-Line 'smbios.serial' $bios.SerialNumber
    Add-Line 'firmware.vendor' $bios.Manufacturer
    Add-Line 'firmware.version' $bios.SMBIOSBIOSVersion
    if ($null -ne $bios.ReleaseDate) { Add-Line 'firmware.date' $bios.ReleaseDate.ToString('yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture) }
    $system = Get-First 'Win32_ComputerSystem'
    Add-Line 'smbios.manufacturer' $system.Manufacturer
    Add-Line 'smbios.model' $system.Model
    Add-Line 'smbios.uuid' ((Get-First 'Win32_ComputerSystemProduct').UUID)
    # With virtualisation-based security the hypervisor is there on physical devices too: only the names count.
    if ("$($system.Manufacturer) $($system.Model)" -match 'Virtual|VMware|QEMU|KVM|Xen|Bochs|Parallels|innotek') {
        Add-Line 'vm' 'SMBIOS names a virtual machine'
    }
}

function Add-Network {
    foreach ($nic in (Get-CimInstance -ClassName Win32_NetworkAdapter -Filter 'PhysicalAdapter = TRUE')) {
        if ($null -ne $nic.MACAddress) { Add-Line 'mac' "$($nic.MACAddress)|$($nic.Name)|$($nic.NetConnectionStatus)" }
    }
}

function Add-Power {
    $status = Get-CimInstance -Namespace 'root\wmi' -ClassName BatteryStatus -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -eq $status) { Add-Line 'power.mains' 1; return }
    if ($status.PowerOnline) { Add-Line 'power.mains' 1 } else { Add-Line 'power.mains' 0 }
    Add-Line 'power.battery' ((Get-First 'Win32_Battery').EstimatedChargeRemaining)
}

function Add-Clock {
    Add-Line 'clock' ([long]([DateTime]::UtcNow - [DateTime]'1970-01-01').TotalMilliseconds)
}

function Add-Tpm {
    $tpm = Get-First 'Win32_Tpm' 'root\cimv2\Security\MicrosoftTpm'
    Add-Line 'tpm.Present' ($null -ne $tpm)
    if ($null -eq $tpm) { return }
    Add-Line 'tpm.SpecVersion' $tpm.SpecVersion
    Add-Line 'tpm.ManufacturerId' $tpm.ManufacturerId
    Add-Line 'tpm.ManufacturerVersion' $tpm.ManufacturerVersion
    foreach ($name in 'IsReady', 'IsEnabled', 'IsActivated', 'IsOwned', 'IsLockedOut') {
        Invoke-Part $name { Add-Line "tpm.$name" ((Invoke-CimMethod -InputObject $tpm -MethodName $name).$name) }
    }
    Invoke-Part 'IsReadyInformation' {
        Add-Line 'tpm.Information' ((Invoke-CimMethod -InputObject $tpm -MethodName IsReadyInformation).Information)
    }
}

function Add-Endorsement {
    $ek = Get-TpmEndorsementKeyInfo -Hash Sha256
    Add-Line 'ek.present' $ek.IsPresent
    Add-Line 'ek.hash' $ek.PublicKeyHash
    Add-Line 'ek.certificates' (@($ek.ManufacturerCertificates).Count)
    Add-Line 'ek.additional' (@($ek.AdditionalCertificates).Count)
}

# Numbers of events, not their localised words: the values an event carries stand behind them.
function Add-Events {
    $channels = @(
        @('Microsoft-Windows-ModernDeployment-Diagnostics-Provider/Autopilot', @(153, 161, 163, 171, 172, 176, 177, 807, 809, 815, 908)),
        @('Microsoft-Windows-ModernDeployment-Diagnostics-Provider/ManagementService', @(509)),
        @('Microsoft-Windows-Shell-Core/Operational', @(62404, 62407)),
        @('Microsoft-Windows-User Device Registration/Admin', @(101, 204, 304, 306)),
        @('Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin', @(72, 100, 107, 109, 110, 111, 404, 1922, 1924)),
        @('System', @(1041, 1794))
    )
    foreach ($channel in $channels) {
        $filter = @{ LogName = $channel[0]; Id = $channel[1] }
        if ($channel[0] -eq 'System') { $filter['ProviderName'] = 'Microsoft-Windows-TPM-WMI' }
        # No event of that kind is an error of this command.
        $events = @(Get-WinEvent -FilterHashtable $filter -MaxEvents 30 -ErrorAction SilentlyContinue)
        foreach ($one in $events) {
            $at = [long]($one.TimeCreated.ToUniversalTime() - [DateTime]'1970-01-01').TotalMilliseconds
            $values = ($one.Properties | ForEach-Object { $_.Value }) -join ' '
            if ($values.Length -gt 280) { $values = $values.Substring(0, 280) }
            Add-Line 'event' "$($channel[0])|$($one.Id)|$at|$values"
        }
    }
}

function Add-Registry {
    $machine = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft'
    $wanted = @(
        @("$machine\Provisioning\AutopilotSettings", @('DevicePreparationCategory.Status', 'DeviceSetupCategory.Status', 'AccountSetupCategory.Status')),
        @("$machine\Provisioning\AutopilotPolicyCache", @('ProfileAvailable', 'AutopilotMode')),
        @("$machine\Provisioning\Diagnostics\Autopilot", @('CloudAssignedTenantDomain', 'CloudAssignedTenantId', 'DeploymentProfileName', 'ZtdCorrelationId', 'DeploymentErrorCode', 'IsAutoPilotDisabled', 'TenantMatched')),
        @("$machine\Windows\CurrentVersion\Setup\OOBE", @('SetupDisplayedEula'))
    )
    foreach ($one in $wanted) {
        foreach ($name in $one[1]) {
            $value = Get-Value $one[0] $name
            if ($null -ne $value) { Add-Line 'registry' "$($one[0])|$name|$value" }
        }
    }
    $stored = 'Registry::HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tpm\WMI\Endorsement\EKCertStore\Certificates'
    if (Test-Path -LiteralPath $stored) { Add-Line 'registry' "EKCertStore|Count|$(@(Get-ChildItem -LiteralPath $stored).Count)" }
    $task = Get-ScheduledTaskInfo -TaskPath '\Microsoft\Windows\TPM\' -TaskName 'Tpm-Maintenance' -ErrorAction SilentlyContinue
    if ($null -ne $task) { Add-Line 'task.maintenance' ($task.LastTaskResult -eq 0) }
}

function Add-TpmTool {
    $tool = Join-Path $env:SystemRoot 'System32\tpmtool.exe'
    if (-not (Test-Path -LiteralPath $tool)) { return }
    foreach ($text in (& $tool getdeviceinformation)) { Add-Line 'tpmtool' $text }
}

function Get-Report {
    $report.Add('reseal-probe 1')
    Add-Line 'probe' 'windows'
    Invoke-Part 'admin' {
        $identity = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
        Add-Line 'admin' ($identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator))
    }
    Invoke-Part 'Windows' { Add-Windows }
    Invoke-Part 'SMBIOS' { Add-Machine }
    Invoke-Part 'network' { Add-Network }
    Invoke-Part 'power' { Add-Power }
    Invoke-Part 'Secure Boot' { Add-Line 'secureboot' (Get-Value 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecureBoot\State' 'UEFISecureBootEnabled') }
    Invoke-Part 'Win32_Tpm' { Add-Tpm }
    Invoke-Part 'endorsement key' { Add-Endorsement }
    Invoke-Part 'event logs' { Add-Events }
    Invoke-Part 'registry' { Add-Registry }
    Invoke-Part 'tpmtool' { Add-TpmTool }
    # Last, so that it is as young as it can be when it arrives.
    Invoke-Part 'clock' { Add-Clock }
    return [Text.Encoding]::UTF8.GetBytes(($report -join "`n") + "`n")
}

# --- The relay -------------------------------------------------------------------------------------------------------

# The commands that pass, as in allow-list.ts; the station refuses all others too. A list of handles: only those.
# allow-list begins
$allowed = @{
    0x00000131 = @(0x40000001, 0x40000007, 0x4000000B)
    0x00000143 = $null
    0x00000147 = $null
    0x00000148 = $null
    0x0000014E = @('01C0')
    0x00000151 = @(0x4000000B)
    0x00000153 = $null
    0x00000157 = $null
    0x00000158 = $null
    0x00000165 = $null
    0x00000169 = @('01C0')
    0x00000171 = $null
    0x00000173 = $null
    0x00000176 = $null
    0x0000017A = $null
    0x0000017B = $null
    0x0000017C = $null
    0x0000017E = $null
    0x00000181 = $null
    0x00000189 = $null
    0x0000018A = $null
}
# allow-list ends

function Get-Number([byte[]]$Bytes, [int]$At) {
    return ([long]$Bytes[$At] * 16777216) + ([long]$Bytes[$At + 1] * 65536) + ([long]$Bytes[$At + 2] * 256) + $Bytes[$At + 3]
}

function ConvertTo-Bytes([long]$Number) {
    # The comma binds tighter than -band.
    return [byte[]]((($Number -shr 24) -band 255), (($Number -shr 16) -band 255), (($Number -shr 8) -band 255), ($Number -band 255))
}

function Test-Allowed([byte[]]$Command) {
    if ($Command[0] -ne 0x80 -or ($Command[1] -ne 1 -and $Command[1] -ne 2)) { return $false }
    $commandCode = Get-Number $Command 6
    if ($commandCode -gt 0xFFFF -or -not $allowed.ContainsKey([int]$commandCode)) { return $false }
    $handles = $allowed[[int]$commandCode]
    if ($null -eq $handles) { return $true }
    if ($Command.Length -lt 14) { return $false }
    $handle = Get-Number $Command 10
    foreach ($one in $handles) {
        if ($one -is [string]) { if ($handle.ToString('X8').StartsWith($one)) { return $true } }
        elseif ($handle -eq $one) { return $true }
    }
    return $false
}

# tbs.dll by a type made in memory: Add-Type would compile through files in a folder.
function New-Tbs {
    $name = New-Object Reflection.AssemblyName 'ResealTbs'
    $assembly = [AppDomain]::CurrentDomain.DefineDynamicAssembly($name, [Reflection.Emit.AssemblyBuilderAccess]::Run)
    $type = $assembly.DefineDynamicModule('ResealTbs').DefineType('ResealTbs', 'Public,Class')
    $calls = @(
        @('Tbsi_Context_Create', @([byte[]], [IntPtr].MakeByRefType())),
        @('Tbsip_Submit_Command', @([IntPtr], [uint32], [uint32], [byte[]], [uint32], [byte[]], [uint32].MakeByRefType())),
        @('Tbsip_Context_Close', @([IntPtr])),
        @('Tbsi_Get_TCG_Log_Ex', @([uint32], [byte[]], [uint32].MakeByRefType()))
    )
    foreach ($call in $calls) {
        $method = $type.DefinePInvokeMethod($call[0], 'tbs.dll', 'Public,Static,PinvokeImpl',
            [Reflection.CallingConventions]::Standard, [uint32], [Type[]]$call[1],
            [Runtime.InteropServices.CallingConvention]::Winapi, [Runtime.InteropServices.CharSet]::Unicode)
        $method.SetImplementationFlags([Reflection.MethodImplAttributes]::PreserveSig)
    }
    return $type.CreateType()
}

function Send-BootLog($Tbs, [string[]]$Headers) {
    # TBS_TCGLOG_SRTM_CURRENT is 0; the first call asks for the size.
    [uint32]$size = 0
    $code = $Tbs::Tbsi_Get_TCG_Log_Ex(0, $null, [ref]$size)
    if ($code -ne 0 -or $size -eq 0) { Write-Said ('no boot log: 0x{0:X8}' -f $code); return }
    if ($size -gt 524288) { Write-Said 'the boot log is longer than 512 KB: not sent'; return }
    $log = New-Object byte[] $size
    $code = $Tbs::Tbsi_Get_TCG_Log_Ex(0, $log, [ref]$size)
    if ($code -ne 0) { Write-Said ('no boot log: 0x{0:X8}' -f $code); return }
    if ($size -lt $log.Length) { $log = [byte[]]$log[0..($size - 1)] }
    $answer = Invoke-Station '/device/v1/log' $log $Headers
    if ($answer.Status -ne 204) { Write-Said "boot log not taken: $(Get-Why $answer)" }
}

# The answer to one frame of the station: the TPM's own bytes, or four bytes that say why there are none.
function Get-Response($Tbs, [IntPtr]$Context, [byte[]]$Frame) {
    if ($Frame.Length -lt 18 -or $Frame.Length -gt 4104) { return ConvertTo-Bytes 2 }
    $command = New-Object byte[] ($Frame.Length - 8)
    [Array]::Copy($Frame, 8, $command, 0, $command.Length)
    if ((Get-Number $Frame 0) -ne $command.Length -or (Get-Number $command 2) -ne $command.Length) { return ConvertTo-Bytes 2 }
    if (-not (Test-Allowed $command)) {
        Write-Said "refused command $((Get-Number $command 6).ToString('x8'))"
        return ConvertTo-Bytes 1
    }
    $answer = New-Object byte[] 4096
    [uint32]$length = 4096
    # Locality 0, priority normal 200 (tbs.h).
    $code = $Tbs::Tbsip_Submit_Command($Context, 0, 200, $command, [uint32]$command.Length, $answer, [ref]$length)
    if ($code -ne 0) { return ConvertTo-Bytes $code }
    if ($length -lt 10 -or $length -gt 4096) { return ConvertTo-Bytes 4 }
    return [byte[]]$answer[0..($length - 1)]
}

function Start-Relay([string[]]$Headers) {
    $tbs = New-Tbs
    # A note would come too late for the report.
    try { Send-BootLog $tbs $Headers } catch { Write-Said "no boot log: $($_.Exception.Message)" }
    # TBS_CONTEXT_PARAMS2: version 2, includeTpm20 is bit 2. Handles belong to the context: one for all commands.
    [IntPtr]$context = [IntPtr]::Zero
    $code = $tbs::Tbsi_Context_Create([byte[]](2, 0, 0, 0, 4, 0, 0, 0), [ref]$context)
    if ($code -ne 0) { Write-Said ('no TPM 2.0: 0x{0:X8}' -f $code); return }
    try {
        $ready = New-Object byte[] 8
        $frame = $ready
        for ($asked = 0; $asked -lt 2000; $asked++) {
            $answer = Invoke-Station '/device/v1/tpm' $frame $Headers
            switch ($answer.Status) {
                200 {
                    [byte[]]$response = Get-Response $tbs $context $answer.Body
                    $frame = [byte[]]((ConvertTo-Bytes $response.Length) + $answer.Body[4..7] + $response)
                }
                204 { $frame = $ready }
                410 { Write-Said 'done'; return }
                default { Write-Said "the station ended the relay: $(Get-Why $answer)"; return }
            }
        }
    }
    finally { $null = $tbs::Tbsip_Context_Close($context) }
}

# --- In order --------------------------------------------------------------------------------------------------------

try {
    $hello = Invoke-Station '/device/v1/hello' ([Text.Encoding]::ASCII.GetBytes($Code)) @()
    if ($hello.Status -ne 200) { Write-Said "not let in: $(Get-Why $hello)"; exit 1 }
    $token = [Text.Encoding]::ASCII.GetString($hello.Body).Trim()
    $headers = @("Authorization: Bearer $token")
    [byte[]]$said = Get-Report
    $taken = Invoke-Station '/device/v1/report' $said ($headers + 'Reseal-Number: 1')
    if ($taken.Status -ne 204) { Write-Said "report not taken: $(Get-Why $taken)"; exit 1 }
    Write-Said 'reported'
    if (-not $NoRelay) { Start-Relay $headers }
}
catch {
    Write-Said $_.Exception.Message
    exit 3
}
