// What the checks of a network, a TPM and the bench PC ask people to do, in Spanish.
import type { SAID_FINDINGS } from './findings-en.ts'

export const FINDINGS_ES: Readonly<Record<(typeof SAID_FINDINGS)[number], string>> = {
  'Attest again; look at what broke off first.': 'Ateste de nuevo; mire primero qué se cortó.',
  'Do not provision it: its TPM is not what it says; take the device aside.':
    'No lo prepare: su TPM no es lo que dice; aparte el dispositivo.',
  'Check the connection to the device and attest again.':
    'Compruebe la conexión con el dispositivo y ateste de nuevo.',
  'The device restarted meanwhile; attest again when it stands still.':
    'El dispositivo se reinició; ateste de nuevo cuando esté quieto.',
  'Something between station and TPM damages answers; check it and attest again.':
    'Algo entre la estación y el TPM daña las respuestas; compruébelo y ateste de nuevo.',
  'Another program holds all places for keys in the TPM; end it and attest again.':
    'Otro programa ocupa todas las plazas de claves del TPM; ciérrelo y ateste de nuevo.',
  'The TPM takes too long; attest again, and restart the device if it stays.':
    'El TPM tarda demasiado; ateste de nuevo y, si sigue, reinicie el dispositivo.',
  'The TPM refuses a command that attestation needs; read the value.':
    'El TPM rechaza una orden que la atestación necesita; lea el valor.',
  'Find out which TPM the device has.': 'Averigüe qué TPM tiene el dispositivo.',
  'Switch the TPM to 2.0 in the firmware, if it can; else the device is not fit.':
    'Ponga el TPM en 2.0 en el firmware, si puede; si no, el dispositivo no sirve.',
  'Switch the TPM on in the firmware set-up.': 'Active el TPM en los ajustes del firmware.',
  'Find out who made the TPM.': 'Averigüe quién fabricó el TPM.',
  'The vendor is on no list; find out who made this TPM.':
    'El fabricante no está en ninguna lista; averigüe quién hizo este TPM.',
  'Pluton or a virtual machine: look at the device.':
    'Pluton o una máquina virtual: mire el dispositivo.',
  'Virtual machines cannot be pre-provisioned.': 'Las máquinas virtuales no se pueden preparar.',
  'A software TPM; only for tests, with --allow-test-tpm.':
    'Un TPM de software; solo para pruebas, con --allow-test-tpm.',
  'Switch the SHA-256 bank on in the firmware set-up.':
    'Active el banco SHA-256 en los ajustes del firmware.',
  'Somebody tried wrong passwords; wait until the counter is 0, or let IT clear it.':
    'Alguien probó contraseñas falsas; espere a que el contador sea 0, o que TI lo borre.',
  'Let the TPM rest until the lockout ends, or let IT clear it.':
    'Deje descansar el TPM hasta que acabe el bloqueo, o que TI lo borre.',
  'Attestation cannot run; let IT clear the TPM.':
    'La atestación no puede ejecutarse; que TI borre el TPM.',
  'The TPM is owned by somebody; let IT clear it before provisioning.':
    'El TPM ya tiene dueño; que TI lo borre antes de preparar.',
  'Not in the TPM; its vendor hands it out online. Check that address.':
    'No está en el TPM; su fabricante lo da en línea. Compruebe esa dirección.',
  'No EK certificate anywhere; ask the maker of the device for an update.':
    'Ningún certificado EK; pida una actualización al fabricante del dispositivo.',
  'The EK certificate cannot be read; keep the bytes and ask the maker.':
    'El certificado EK no se puede leer; guarde los bytes y pregunte al fabricante.',
  'There is no certificate to look at.': 'No hay certificado que mirar.',
  'The certificate leaves something out; compare with another device of this model.':
    'Al certificado le falta algo; compare con otro dispositivo de este modelo.',
  "Add the vendor's root with `reseal tpm-roots add`, if you trust it.":
    'Añada la raíz del fabricante con `reseal tpm-roots add`, si confía en ella.',
  'Decide whether an expired EK certificate will do; many vendors never renew.':
    'Decida si vale un certificado EK caducado; muchos fabricantes no renuevan.',
  "Add the issuer's newer certificate, or decide that the old one will do.":
    'Añada el certificado más nuevo del emisor, o decida que el antiguo vale.',
  'Check the clock of the bench PC.': 'Compruebe el reloj del PC del banco.',
  'Signed over SHA-1, which can be forged; decide whether it will do.':
    'Firmado con SHA-1, que se puede falsificar; decida si vale.',
  'The certificate uses something that is not understood; ask the maker.':
    'El certificado usa algo que no se entiende; pregunte al fabricante.',
  'The certificate names no manufacturer.': 'El certificado no nombra fabricante.',
  'A weak Infineon key; update the firmware and clear the TPM.':
    'Una clave Infineon débil; actualice el firmware y borre el TPM.',
  'No template has such a key; ask the maker.':
    'Ninguna plantilla tiene esa clave; pregunte al fabricante.',
  'The key is too short for attestation; ask the maker for an update.':
    'La clave es demasiado corta; pida una actualización al fabricante.',
  'Update the firmware of the TPM, or decide to go on.':
    'Actualice el firmware del TPM, o decida seguir.',
  'Update the firmware of the TPM, then clear it.':
    'Actualice el firmware del TPM y después bórrelo.',
  'Attestation fails on some of these; update the firmware of the device first.':
    'La atestación falla en algunos; actualice primero el firmware del dispositivo.',
  'Attestation fails on these; update the firmware of the device first.':
    'La atestación falla en estos; actualice primero el firmware del dispositivo.',
  'Attest again; if it stays, restart the device.':
    'Ateste de nuevo; si sigue igual, reinicie el dispositivo.',
  'Let the probe hand over the measured boot log.':
    'Que la sonda entregue el registro de arranque medido.',
  'The log is not what the TPM measured; restart the device and attest again.':
    'El registro no es lo que el TPM midió; reinicie el dispositivo y ateste de nuevo.',
  'The log says nothing of Secure Boot; look in the firmware set-up.':
    'El registro no dice nada de Secure Boot; mire en los ajustes del firmware.',
  'Switch Secure Boot on, debugging off, and restart.':
    'Active Secure Boot, desactive la depuración y reinicie.',
  'The work order demands it: switch Secure Boot on, debugging off.':
    'La orden lo exige: active Secure Boot y desactive la depuración.',
  'Run the probe again, as administrator.': 'Ejecute otra vez la sonda, como administrador.',
  'Windows prepares its TPM in the first minutes; probe again later.':
    'Windows prepara su TPM en los primeros minutos; repita más tarde.',
  'Run the probe again, as administrator; a flag was not told.':
    'Ejecute otra vez la sonda como administrador; faltó un dato.',
  'Read the flags; Windows cannot use its TPM yet.':
    'Lea los indicadores; Windows aún no puede usar su TPM.',
  'Clear the TPM in the firmware set-up.': 'Borre el TPM en los ajustes del firmware.',
  'Run the probe again.': 'Ejecute otra vez la sonda.',
  'Set the clock of the device; attestation fails when it is minutes off.':
    'Ponga en hora el dispositivo; la atestación falla si va minutos mal.',
  'A sign-in page stands before {0} ({1}): let the bay network out without it.':
    'Ante {0} hay una página de acceso ({1}): deje salir la red del puesto sin ella.',
  'A proxy stands before {0}: {1}. Devices cannot sign in to it; let them pass.':
    'Ante {0} hay un proxy: {1}. Los dispositivos no pueden identificarse en él; déjelos pasar.',
  'TLS to {0} is intercepted {1}: take it out of the inspection.':
    'El TLS hacia {0} se intercepta {1}: sáquelo de la inspección.',
  'DNS leads {0} astray ({1}): mend the DNS of the bay network.':
    'El DNS lleva {0} a mal sitio ({1}): arregle el DNS de la red del puesto.',
  'DNS does not answer {0} ({1}): let the bay network resolve it.':
    'El DNS no responde a {0} ({1}): la red del puesto debe resolverlo.',
  '{0} does not answer ({1}): let it through the firewall.':
    '{0} no responde ({1}): déjelo pasar por el cortafuegos.',
  '{0} is too slow: {1}. Look at the firewall and the line.':
    '{0} va demasiado lento: {1}. Mire el cortafuegos y la línea.',
  '{0} is broken off ({1}): let it through the firewall unchanged.':
    '{0} se corta ({1}): déjelo pasar sin cambios por el cortafuegos.',
  'The certificate of {0} is {1}: check the clock, then who answers there.':
    'El certificado de {0} está {1}: compruebe el reloj y después quién responde allí.',
  'Compare once from elsewhere who issues the certificate of {0}: here {1}.':
    'Compare una vez desde otro sitio quién emite el certificado de {0}: aquí {1}.',
  '{0} It is needed for {1}.': '{0} Se necesita para: {1}.',
  'Plug in the cable of the bay network.': 'Conecte el cable de la red del puesto.',
  'Plug in the uplink cable.': 'Conecte el cable de salida.',
  'Give {0} an IPv4 address in the bay network, or name a namespace.':
    'Dé a {0} una dirección IPv4 en la red del puesto, o indique un espacio de nombres.',
  'Packets from {0} must leave by {1}: ip rule add from {2} table 100; ip route add default via GATEWAY dev {3} table 100.':
    'Los paquetes de {0} deben salir por {1}: ip rule add from {2} table 100; ip route add default via GATEWAY dev {3} table 100.',
  'Connect the uplink of this network and check its address (`ip route`).':
    'Conecte la salida de esta red y compruebe su dirección (`ip route`).',
  'Check `ip netns list`, and that the station may enter it (root or CAP_SYS_ADMIN).':
    'Compruebe `ip netns list` y que la estación pueda entrar (root o CAP_SYS_ADMIN).',
  'The check itself failed: look at memory and limits.':
    'La comprobación misma falló: mire memoria y límites.',
  'Devices in the out-of-box pages may take this proxy: it must ask for no sign-in and pass TLS unchanged.':
    'En las páginas iniciales los dispositivos pueden usar este proxy: no debe pedir acceso y debe pasar TLS sin cambios.',
  'No name resolves: check the DNS servers of the bay network.':
    'No se resuelve ningún nombre: compruebe los servidores DNS de la red del puesto.',
  'Nothing answers: check gateway, firewall and proxy of the bay network.':
    'Nada responde: compruebe puerta de enlace, cortafuegos y proxy de la red del puesto.',
  'The config of this bay switches it off.': 'La configuración de este puesto lo desactiva.',
  'The check was broken off.': 'La comprobación se interrumpió.',
  '{0}. Time server, web and bench PC differ: find out which is right before a device attests.':
    '{0}. Servidor de hora, web y PC del banco difieren: averigüe cuál acierta antes de que un dispositivo ateste.',
  '{0}. The time server of this network is wrong, and devices ask it: mend it or let time.windows.com through.':
    '{0}. El servidor de hora de esta red va mal y los dispositivos le preguntan: arréglelo o deje pasar time.windows.com.',
  '{0}. The clock of the bench PC is off: turn its time synchronisation on (`timedatectl`).':
    '{0}. El reloj del PC del banco va mal: active su sincronización (`timedatectl`).',
  'Write domainController or adDomain into this hybrid order, or know that nobody looked.':
    'Escriba domainController o adDomain en esta orden híbrida, o sepa que nadie miró.',
  "A hybrid join may need {0} from the bay's network (errors 0x80070774, 0x800706FD): let {1} through, or ask the customer whether their profile skips it.":
    'Una unión híbrida puede necesitar {0} desde la red del puesto (errores 0x80070774, 0x800706FD): deje pasar {1}, o pregunte al cliente si su perfil lo omite.',
  'Check that the data directory exists and may be read.':
    'Compruebe que el directorio de datos existe y se puede leer.',
  'Stop other programs on the bench PC.': 'Cierre otros programas en el PC del banco.',
  'Let the bench PC keep its time by NTP; `timedatectl` shows whether it does.':
    'Haga que el PC del banco mantenga la hora por NTP; `timedatectl` muestra si lo hace.',
  'Run `reseal doctor`.': 'Ejecute `reseal doctor`.',
  'It is asked again in a minute; start the probe anew if it stays.':
    'Se pregunta de nuevo en un minuto; si sigue, arranque otra vez la sonda.',
  'TPM attestation': 'la atestación del TPM',
  "Windows' own test of the Internet": 'la prueba de Internet de Windows',
  apps: 'aplicaciones',
  'delivery optimisation': 'la optimización de entrega',
  diagnostics: 'diagnóstico',
  enrolment: 'la inscripción',
  'enrolment (not documented)': 'la inscripción (no documentado)',
  'finding the Autopilot profile': 'encontrar el perfil de Autopilot',
  'links of the set-up pages': 'los enlaces de las páginas iniciales',
  notices: 'los avisos',
  'settings of the set-up pages': 'los ajustes de las páginas iniciales',
  "the device's clock": 'el reloj del dispositivo',
  "the device's sign-in to Autopilot": 'el acceso del dispositivo a Autopilot',
  updates: 'las actualizaciones',
  'Entra join': 'la unión a Entra',
  'Entra sign-in': 'el acceso a Entra',
  'Autopilot (no longer named in 2026)': 'Autopilot (ya no citado en 2026)',
  'Entra (no longer named in 2026)': 'Entra (ya no citado en 2026)',
  'TPM certificates of {0}': 'los certificados TPM de {0}',
  'TPM chain of {0}': 'la cadena TPM de {0}',
  'on-die TPM chain of {0}': 'la cadena TPM en chip de {0}',
}
