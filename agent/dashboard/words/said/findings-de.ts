// What the checks of a network, a TPM and the bench PC ask people to do, in German.
import type { SAID_FINDINGS } from './findings-en.ts'

export const FINDINGS_DE: Readonly<Record<(typeof SAID_FINDINGS)[number], string>> = {
  'Attest again; look at what broke off first.':
    'Noch einmal nachweisen; zuerst ansehen, was abbrach.',
  'Do not provision it: its TPM is not what it says; take the device aside.':
    'Nicht vorbereiten: Sein TPM ist nicht, was es vorgibt; Gerät beiseitestellen.',
  'Check the connection to the device and attest again.':
    'Verbindung zum Gerät prüfen und noch einmal nachweisen.',
  'The device restarted meanwhile; attest again when it stands still.':
    'Das Gerät ist inzwischen neu gestartet; erneut nachweisen, wenn es ruhig steht.',
  'Something between station and TPM damages answers; check it and attest again.':
    'Etwas zwischen Station und TPM beschädigt Antworten; prüfen und erneut nachweisen.',
  'Another program holds all places for keys in the TPM; end it and attest again.':
    'Ein anderes Programm belegt alle Schlüsselplätze des TPM; beenden und erneut nachweisen.',
  'The TPM takes too long; attest again, and restart the device if it stays.':
    'Das TPM braucht zu lange; erneut nachweisen, bleibt es dabei, Gerät neu starten.',
  'The TPM refuses a command that attestation needs; read the value.':
    'Das TPM lehnt einen Befehl ab, den der Nachweis braucht; Wert lesen.',
  'Find out which TPM the device has.': 'Herausfinden, welches TPM das Gerät hat.',
  'Switch the TPM to 2.0 in the firmware, if it can; else the device is not fit.':
    'TPM in der Firmware auf 2.0 stellen, wenn es das kann; sonst ist das Gerät ungeeignet.',
  'Switch the TPM on in the firmware set-up.': 'TPM in den Firmware-Einstellungen einschalten.',
  'Find out who made the TPM.': 'Herausfinden, wer das TPM gebaut hat.',
  'The vendor is on no list; find out who made this TPM.':
    'Der Hersteller steht auf keiner Liste; herausfinden, wer dieses TPM gebaut hat.',
  'Pluton or a virtual machine: look at the device.':
    'Pluton oder eine virtuelle Maschine: Gerät ansehen.',
  'Virtual machines cannot be pre-provisioned.':
    'Virtuelle Maschinen lassen sich nicht vorbereiten.',
  'A software TPM; only for tests, with --allow-test-tpm.':
    'Ein Software-TPM; nur für Tests, mit --allow-test-tpm.',
  'Switch the SHA-256 bank on in the firmware set-up.':
    'SHA-256-Bank in den Firmware-Einstellungen einschalten.',
  'Somebody tried wrong passwords; wait until the counter is 0, or let IT clear it.':
    'Jemand hat falsche Passwörter versucht; warten, bis der Zähler 0 ist, oder die IT löscht das TPM.',
  'Let the TPM rest until the lockout ends, or let IT clear it.':
    'TPM ruhen lassen, bis die Sperre endet, oder die IT löscht es.',
  'Attestation cannot run; let IT clear the TPM.':
    'Der Nachweis ist nicht möglich; die IT soll das TPM löschen.',
  'The TPM is owned by somebody; let IT clear it before provisioning.':
    'Das TPM hat schon einen Besitzer; die IT soll es vorher löschen.',
  'Not in the TPM; its vendor hands it out online. Check that address.':
    'Nicht im TPM; der Hersteller gibt es online aus. Diese Adresse prüfen.',
  'No EK certificate anywhere; ask the maker of the device for an update.':
    'Nirgends ein EK-Zertifikat; den Gerätehersteller um ein Update bitten.',
  'The EK certificate cannot be read; keep the bytes and ask the maker.':
    'Das EK-Zertifikat ist nicht lesbar; Bytes aufheben und den Hersteller fragen.',
  'There is no certificate to look at.': 'Es gibt kein Zertifikat zum Ansehen.',
  'The certificate leaves something out; compare with another device of this model.':
    'Im Zertifikat fehlt etwas; mit einem anderen Gerät dieses Modells vergleichen.',
  "Add the vendor's root with `reseal tpm-roots add`, if you trust it.":
    'Die Wurzel des Herstellers mit `reseal tpm-roots add` aufnehmen, wenn Sie ihr trauen.',
  'Decide whether an expired EK certificate will do; many vendors never renew.':
    'Entscheiden, ob ein abgelaufenes EK-Zertifikat genügt; viele Hersteller erneuern nie.',
  "Add the issuer's newer certificate, or decide that the old one will do.":
    'Das neuere Zertifikat des Ausstellers aufnehmen, oder entscheiden, dass das alte genügt.',
  'Check the clock of the bench PC.': 'Uhr des Werkbank-PCs prüfen.',
  'Signed over SHA-1, which can be forged; decide whether it will do.':
    'Mit SHA-1 signiert, das sich fälschen lässt; entscheiden, ob es genügt.',
  'The certificate uses something that is not understood; ask the maker.':
    'Das Zertifikat nutzt etwas Unbekanntes; den Hersteller fragen.',
  'The certificate names no manufacturer.': 'Das Zertifikat nennt keinen Hersteller.',
  'A weak Infineon key; update the firmware and clear the TPM.':
    'Ein schwacher Infineon-Schlüssel; Firmware aktualisieren und TPM löschen.',
  'No template has such a key; ask the maker.':
    'Keine Vorlage hat so einen Schlüssel; den Hersteller fragen.',
  'The key is too short for attestation; ask the maker for an update.':
    'Der Schlüssel ist zu kurz für den Nachweis; den Hersteller um ein Update bitten.',
  'Update the firmware of the TPM, or decide to go on.':
    'Firmware des TPM aktualisieren, oder entscheiden weiterzumachen.',
  'Update the firmware of the TPM, then clear it.':
    'Firmware des TPM aktualisieren, dann das TPM löschen.',
  'Attestation fails on some of these; update the firmware of the device first.':
    'Bei manchen davon scheitert der Nachweis; zuerst die Firmware des Geräts aktualisieren.',
  'Attestation fails on these; update the firmware of the device first.':
    'Bei diesen scheitert der Nachweis; zuerst die Firmware des Geräts aktualisieren.',
  'Attest again; if it stays, restart the device.':
    'Erneut nachweisen; bleibt es dabei, Gerät neu starten.',
  'Let the probe hand over the measured boot log.':
    'Die Sonde soll das gemessene Startprotokoll übergeben.',
  'The log is not what the TPM measured; restart the device and attest again.':
    'Das Protokoll ist nicht, was das TPM gemessen hat; Gerät neu starten und erneut nachweisen.',
  'The log says nothing of Secure Boot; look in the firmware set-up.':
    'Das Protokoll sagt nichts über Secure Boot; in den Firmware-Einstellungen nachsehen.',
  'Switch Secure Boot on, debugging off, and restart.':
    'Secure Boot einschalten, Debugging ausschalten, neu starten.',
  'The work order demands it: switch Secure Boot on, debugging off.':
    'Der Auftrag verlangt es: Secure Boot einschalten, Debugging ausschalten.',
  'Run the probe again, as administrator.': 'Sonde erneut starten, als Administrator.',
  'Windows prepares its TPM in the first minutes; probe again later.':
    'Windows bereitet sein TPM in den ersten Minuten vor; später erneut prüfen.',
  'Run the probe again, as administrator; a flag was not told.':
    'Sonde erneut als Administrator starten; eine Angabe fehlt.',
  'Read the flags; Windows cannot use its TPM yet.':
    'Die Angaben lesen; Windows kann sein TPM noch nicht nutzen.',
  'Clear the TPM in the firmware set-up.': 'TPM in den Firmware-Einstellungen löschen.',
  'Run the probe again.': 'Sonde erneut starten.',
  'Set the clock of the device; attestation fails when it is minutes off.':
    'Uhr des Geräts stellen; der Nachweis scheitert, wenn sie Minuten falsch geht.',
  'A sign-in page stands before {0} ({1}): let the bay network out without it.':
    'Vor {0} steht eine Anmeldeseite ({1}): das Platznetz ohne sie hinauslassen.',
  'A proxy stands before {0}: {1}. Devices cannot sign in to it; let them pass.':
    'Vor {0} steht ein Proxy: {1}. Geräte können sich dort nicht anmelden; sie durchlassen.',
  'TLS to {0} is intercepted {1}: take it out of the inspection.':
    'TLS zu {0} wird aufgebrochen {1}: von der Prüfung ausnehmen.',
  'DNS leads {0} astray ({1}): mend the DNS of the bay network.':
    'DNS führt {0} in die Irre ({1}): das DNS des Platznetzes in Ordnung bringen.',
  'DNS does not answer {0} ({1}): let the bay network resolve it.':
    'DNS beantwortet {0} nicht ({1}): das Platznetz muss den Namen auflösen.',
  '{0} does not answer ({1}): let it through the firewall.':
    '{0} antwortet nicht ({1}): durch die Firewall lassen.',
  '{0} is too slow: {1}. Look at the firewall and the line.':
    '{0} ist zu langsam: {1}. Firewall und Leitung ansehen.',
  '{0} is broken off ({1}): let it through the firewall unchanged.':
    '{0} bricht ab ({1}): unverändert durch die Firewall lassen.',
  'The certificate of {0} is {1}: check the clock, then who answers there.':
    'Das Zertifikat von {0} ist {1}: erst die Uhr prüfen, dann, wer dort antwortet.',
  'Compare once from elsewhere who issues the certificate of {0}: here {1}.':
    'Einmal von anderswo vergleichen, wer das Zertifikat von {0} ausstellt: hier {1}.',
  '{0} It is needed for {1}.': '{0} Gebraucht für: {1}.',
  'Plug in the cable of the bay network.': 'Kabel des Platznetzes einstecken.',
  'Plug in the uplink cable.': 'Kabel der Leitung nach außen einstecken.',
  'Give {0} an IPv4 address in the bay network, or name a namespace.':
    '{0} eine IPv4-Adresse im Platznetz geben, oder einen Namensraum nennen.',
  'Packets from {0} must leave by {1}: ip rule add from {2} table 100; ip route add default via GATEWAY dev {3} table 100.':
    'Pakete von {0} müssen über {1} hinaus: ip rule add from {2} table 100; ip route add default via GATEWAY dev {3} table 100.',
  'Connect the uplink of this network and check its address (`ip route`).':
    'Leitung dieses Netzes verbinden und seine Adresse prüfen (`ip route`).',
  'Check `ip netns list`, and that the station may enter it (root or CAP_SYS_ADMIN).':
    '`ip netns list` prüfen, und dass die Station hinein darf (root oder CAP_SYS_ADMIN).',
  'The check itself failed: look at memory and limits.':
    'Die Prüfung selbst ist gescheitert: Speicher und Grenzen ansehen.',
  'Devices in the out-of-box pages may take this proxy: it must ask for no sign-in and pass TLS unchanged.':
    'Geräte auf den Einrichtungsseiten nehmen vielleicht diesen Proxy: Er darf keine Anmeldung verlangen und muss TLS unverändert lassen.',
  'No name resolves: check the DNS servers of the bay network.':
    'Kein Name wird aufgelöst: DNS-Server des Platznetzes prüfen.',
  'Nothing answers: check gateway, firewall and proxy of the bay network.':
    'Nichts antwortet: Gateway, Firewall und Proxy des Platznetzes prüfen.',
  'The config of this bay switches it off.': 'Die Konfiguration dieses Platzes schaltet es ab.',
  'The check was broken off.': 'Die Prüfung wurde abgebrochen.',
  '{0}. Time server, web and bench PC differ: find out which is right before a device attests.':
    '{0}. Zeitserver, Web und Werkbank-PC gehen verschieden: klären, wer recht hat, bevor ein Gerät sich nachweist.',
  '{0}. The time server of this network is wrong, and devices ask it: mend it or let time.windows.com through.':
    '{0}. Der Zeitserver dieses Netzes geht falsch, und Geräte fragen ihn: in Ordnung bringen oder time.windows.com durchlassen.',
  '{0}. The clock of the bench PC is off: turn its time synchronisation on (`timedatectl`).':
    '{0}. Die Uhr des Werkbank-PCs geht falsch: Zeitabgleich einschalten (`timedatectl`).',
  'Write domainController or adDomain into this hybrid order, or know that nobody looked.':
    'domainController oder adDomain in diesen Hybridauftrag schreiben, oder wissen, dass niemand nachsah.',
  "A hybrid join may need {0} from the bay's network (errors 0x80070774, 0x800706FD): let {1} through, or ask the customer whether their profile skips it.":
    'Ein Hybridbeitritt braucht vielleicht {0} vom Platznetz aus (Fehler 0x80070774, 0x800706FD): {1} durchlassen, oder den Kunden fragen, ob sein Profil das überspringt.',
  'Check that the data directory exists and may be read.':
    'Prüfen, dass das Datenverzeichnis da ist und gelesen werden darf.',
  'Stop other programs on the bench PC.': 'Andere Programme auf dem Werkbank-PC beenden.',
  'Let the bench PC keep its time by NTP; `timedatectl` shows whether it does.':
    'Den Werkbank-PC seine Zeit per NTP halten lassen; `timedatectl` zeigt, ob er es tut.',
  'Run `reseal doctor`.': '`reseal doctor` starten.',
  'It is asked again in a minute; start the probe anew if it stays.':
    'In einer Minute wird erneut gefragt; bleibt es so, die Sonde neu starten.',
  'TPM attestation': 'den TPM-Nachweis',
  "Windows' own test of the Internet": 'den Internet-Test von Windows',
  apps: 'Apps',
  'delivery optimisation': 'die Übermittlungsoptimierung',
  diagnostics: 'Diagnose',
  enrolment: 'die Registrierung',
  'enrolment (not documented)': 'die Registrierung (nicht dokumentiert)',
  'finding the Autopilot profile': 'das Finden des Autopilot-Profils',
  'links of the set-up pages': 'Verweise der Einrichtungsseiten',
  notices: 'Benachrichtigungen',
  'settings of the set-up pages': 'Einstellungen der Einrichtungsseiten',
  "the device's clock": 'die Uhr des Geräts',
  "the device's sign-in to Autopilot": 'die Anmeldung des Geräts bei Autopilot',
  updates: 'Updates',
  'Entra join': 'den Beitritt zu Entra',
  'Entra sign-in': 'die Anmeldung bei Entra',
  'Autopilot (no longer named in 2026)': 'Autopilot (2026 nicht mehr genannt)',
  'Entra (no longer named in 2026)': 'Entra (2026 nicht mehr genannt)',
  'TPM certificates of {0}': 'TPM-Zertifikate von {0}',
  'TPM chain of {0}': 'die TPM-Kette von {0}',
  'on-die TPM chain of {0}': 'die TPM-Kette im Chip von {0}',
}
