// What the station itself says, in German.
import { CLOSINGS_DE } from './closings-de.ts'
import { CODES_DE } from './codes-de.ts'
import type { Said } from './en.ts'
import { FINDINGS_DE } from './findings-de.ts'
import { VALUES_DE } from './values-de.ts'

export const SAID_DE: Readonly<Record<Said, string>> = {
  ...CLOSINGS_DE,
  ...CODES_DE,
  ...FINDINGS_DE,
  ...VALUES_DE,
  Free: 'Frei',
  Waits: 'Wartet',
  Works: 'Läuft',
  You: 'Sie',
  Hold: 'Klären',
  Failed: 'Fehler',
  Bench: 'Störung',
  Closed: 'Gesperrt',
  Test: 'Test',
  Scan: 'Scannen',
  Look: 'Ansehen',
  Choose: 'Wählen',
  Compare: 'Prüfen',
  Plug: 'Stecken',
  'Take out': 'Entnehmen',
  Stop: 'Stopp',
  'Scan the device. Charger in? Lid open?': 'Gerät scannen. Netzteil dran? Deckel offen?',
  'Type the serial': 'Seriennummer eintippen',
  'It is on': 'Es ist an',
  'Taken out': 'Entnommen',
  'The link comes and goes: look at the cable': 'Verbindung kommt und geht: Kabel ansehen',
  'Take the device out': 'Gerät entnehmen',
  'Which device is this?': 'Welches Gerät ist das?',
  'Resealed device is on: switch it off': 'Versiegeltes Gerät ist an: ausschalten',
  Seen: 'Gesehen',
  'Scan the serial number. Charger in? Lid open?':
    'Seriennummer scannen. Netzteil dran? Deckel offen?',
  'Plug the network cable in. Charger in?': 'Netzkabel einstecken. Netzteil dran?',
  'Press the left Windows key five times. Options there?':
    'Linke Windows-Taste fünfmal drücken. Optionen da?',
  'Are the options there, the list framed?': 'Sind die Optionen da, die Liste umrahmt?',
  'Options (white)': 'Optionen (weiß)',
  'Options (blue)': 'Optionen (blau)',
  'Options, the frame not on the list': 'Optionen, Rahmen nicht um die Liste',
  'Select pre-provision, press Next': 'Vorab-Bereitstellung wählen, Weiter drücken',
  'Pre-provision selected, Next framed?': 'Vorab-Bereitstellung gewählt, Weiter umrahmt?',
  Done: 'Erledigt',
  Yes: 'Ja',
  'No: move again': 'Nein: noch einmal bewegen',
  'No: the frame is on the list': 'Nein: Rahmen um die Liste',
  'No such entry': 'Kein solcher Eintrag',
  'Names right? Press Next': 'Namen richtig? Weiter drücken',
  'Names right, Next framed?': 'Namen richtig, Weiter umrahmt?',
  'Right, and pressed': 'Richtig, und gedrückt',
  'Yes, right': 'Ja, richtig',
  'Organisation differs': 'Organisation weicht ab',
  'Profile differs': 'Profil weicht ab',
  'User differs': 'Benutzer weicht ab',
  'I pressed Refresh': 'Ich habe Aktualisieren gedrückt',
  'No profile, Next is grey': 'Kein Profil, Weiter ist grau',
  'Restarts. Or was it green, and Reseal is pressed?':
    'Startet neu. Oder war es grün und Versiegeln ist gedrückt?',
  'Green, Reseal pressed': 'Grün, Versiegeln gedrückt',
  'Green, other names': 'Grün, andere Namen',
  'Green? Press Reseal. Or red?': 'Grün? Versiegeln drücken. Oder rot?',
  'Green with the same names, or red?': 'Grün mit denselben Namen, oder rot?',
  Green: 'Grün',
  Red: 'Rot',
  'Still working': 'Arbeitet noch',
  'Which code is on the red page?': 'Welcher Code steht auf der roten Seite?',
  'Red: this code': 'Rot: dieser Code',
  'No code there': 'Kein Code da',
  'Not red any more': 'Nicht mehr rot',
  'Press Retry, never Reset': 'Wiederholen drücken, nie Zurücksetzen',
  'Retry framed, not Reset?': 'Wiederholen umrahmt, nicht Zurücksetzen?',
  Pressed: 'Gedrückt',
  'Yes, Retry': 'Ja, Wiederholen',
  'A person resets it': 'Ein Mensch setzt es zurück',
  'Did it go dark by itself?': 'Wurde es von selbst dunkel?',
  'Yes, it went dark': 'Ja, es wurde dunkel',
  'It was pulled before': 'Es wurde vorher abgezogen',
  'It is still on': 'Es ist noch an',
  'What does it show now?': 'Was zeigt es jetzt?',
  'First pages': 'Erste Seiten',
  'Configuration page': 'Konfigurationsseite',
  Progress: 'Fortschritt',
  'Green, these names, Reseal pressed': 'Grün, diese Namen, Versiegeln gedrückt',
  'Green, these names': 'Grün, diese Namen',
  'Being reset': 'Wird zurückgesetzt',
  'First page is back': 'Erste Seite ist wieder da',
  Dark: 'Dunkel',
  'Firmware password': 'Firmware-Kennwort',
  'Boot error': 'Startfehler',
  'BitLocker recovery': 'BitLocker-Wiederherstellung',
  Desktop: 'Desktop',
  'Other menu': 'Anderes Menü',
  'Other language': 'Andere Sprache',
  'Something else': 'Etwas anderes',
  'Red shelf': 'Rotes Regal',
  'Bench or network was the cause': 'Werkbank oder Netz war schuld',
  'End this run': 'Lauf beenden',
  'Mended: go on': 'Behoben: weiter',
  'The lead allows it': 'Die Leitung erlaubt es',
  'Check again': 'Noch einmal prüfen',
  'Press Retry': 'Wiederholen drücken',
  'Other customer: fetch the lead': 'Anderer Kunde: Leitung holen',
  'Not on the order: fetch the lead': 'Nicht im Auftrag: Leitung holen',
  'Same serial in another bay: scan again': 'Gleiche Nummer an anderem Platz: neu scannen',
  'Same ZtdId in another bay: fetch the lead': 'Gleiche ZtdId an anderem Platz: Leitung holen',
  'The order demands a TPM proof': 'Der Auftrag verlangt einen TPM-Beweis',
  'TPM: fetch the lead': 'TPM: Leitung holen',
  'Unknown menu: press Cancel there, never Next': 'Fremdes Menü: dort Abbrechen, nie Weiter',
  'Runs device preparation: remote IT': 'Läuft mit Gerätevorbereitung: Kunden-IT',
  'Names differ from the order': 'Namen weichen vom Auftrag ab',
  'Another device? Scan its label': 'Anderes Gerät? Etikett scannen',
  'No options seen: look at the device': 'Keine Optionen: Gerät ansehen',
  'Unknown red code: fetch the lead': 'Unbekannter roter Code: Leitung holen',
  'BitLocker recovery: set aside': 'BitLocker-Wiederherstellung: beiseite',
  'Firmware asks for a password': 'Firmware fragt nach einem Kennwort',
  'Desktop: not a fresh device': 'Desktop: kein frisches Gerät',
  'Unknown language: fetch the lead': 'Unbekannte Sprache: Leitung holen',
  'No profile: remote IT': 'Kein Profil: Kunden-IT',
  'Cannot see where the focus is': 'Nicht zu sehen, wo der Rahmen ist',
  'Stands still: look at the device': 'Steht still: Gerät ansehen',
  'Look at the device': 'Gerät ansehen',
  'plug a device in': 'ein Gerät anschließen',
  'link settling': 'Verbindung beruhigt sich',
  'by a person': 'von einem Menschen',
  'checks the network': 'prüft das Netz',
  'finds the keyboard': 'sucht die Tastatur',
  'summons the options': 'ruft die Optionen',
  'moves to the entry': 'geht zum Eintrag',
  'opens the page': 'öffnet die Seite',
  'page loads': 'Seite lädt',
  'refreshes the page': 'lädt die Seite neu',
  'compares the names': 'vergleicht die Namen',
  'checks the selection': 'prüft die Auswahl',
  starts: 'startet',
  restarts: 'startet neu',
  green: 'grün',
  'presses Reseal': 'drückt Versiegeln',
  'watches it go off': 'sieht zu, wie es ausgeht',
  'red page': 'rote Seite',
  'waits for Retry': 'wartet auf Wiederholen',
  'moves to Retry': 'geht zu Wiederholen',
  'presses Retry': 'drückt Wiederholen',
  'being reset': 'wird zurückgesetzt',
  'looks where it stands': 'sieht nach, wo es steht',
  'closes in seconds': 'schließt in Sekunden',
  'longer than usual': 'länger als sonst',
  provisioning: 'wird bereitgestellt',
  'installing apps': 'installiert Apps',
  network: 'Netz',
  'waits for the keyboard': 'wartet auf die Tastatur',
  'keyboard {0}': 'Tastatur {0}',
  ok: 'in Ordnung',
  silent: 'stumm',
  gone: 'fort',
  'resealed, {0}': 'versiegelt, {0}',
  witnessed: 'bezeugt',
  reported: 'gemeldet',
  stated: 'erklärt',
  'closes as {0}': 'schließt als {0}',
  '{0}: take out': '{0}: entnehmen',
  'red shelf': 'rotes Regal',
  bench: 'Werkbank',
  closed: 'geschlossen',
  'took too long: look at it': 'dauerte zu lange: ansehen',
  resealed: 'versiegelt',
  failed: 'fehlgeschlagen',
  error: 'Fehler',
  timeout: 'Zeit abgelaufen',
  aborted: 'abgebrochen',
  interrupted: 'unterbrochen',
  '{0} ({1})': '{0} ({1})',
  '{0}, and {1} more': '{0}, und {1} weitere',
  'the probe did not relay the TPM': 'die Sonde leitete das TPM nicht weiter',
  'no probe came: start it on the device': 'keine Sonde kam: auf dem Gerät starten',
  'the probe did not run in Windows': 'die Sonde lief nicht in Windows',
  'no probe came: start it in Windows': 'keine Sonde kam: in Windows starten',
  'The TPM stopped answering': 'Das TPM antwortet nicht mehr',
  'There is no TPM 2.0': 'Es gibt kein TPM 2.0',
  'It is not known to be a real TPM': 'Es ist nicht bekannt, ob es ein echtes TPM ist',
  'The TPM measures with SHA-1 only': 'Das TPM misst nur mit SHA-1',
  'Wrong passwords were tried on the TPM': 'Am TPM wurden falsche Kennwörter versucht',
  'A password on the TPM blocks attestation': 'Ein Kennwort am TPM verhindert die Attestierung',
  'The TPM belongs to somebody already': 'Das TPM gehört schon jemandem',
  "The maker's certificate of the TPM is missing or does not fit":
    'Das Herstellerzertifikat des TPM fehlt oder passt nicht',
  "The maker's certificate of the TPM is not as it should be":
    'Das Herstellerzertifikat des TPM ist nicht, wie es sein soll',
  "The maker's certificate of the TPM is not trusted here":
    'Dem Herstellerzertifikat des TPM wird hier nicht vertraut',
  'The TPM and its certificate name different makers':
    'TPM und Zertifikat nennen verschiedene Hersteller',
  'The TPM has a weak key': 'Das TPM hat einen schwachen Schlüssel',
  'The TPM has a key of an unusual kind': 'Das TPM hat einen Schlüssel ungewohnter Art',
  'The firmware of the TPM needs an update': 'Die Firmware des TPM braucht ein Update',
  'Attestation is known to fail on such devices':
    'Auf solchen Geräten scheitert die Attestierung bekanntlich',
  'The TPM made another key than was asked for':
    'Das TPM machte einen anderen Schlüssel als verlangt',
  'The TPM did not prove that its certificate is its own':
    'Das TPM bewies nicht, dass das Zertifikat seines ist',
  'The TPM did not sign its state': 'Das TPM hat seinen Zustand nicht signiert',
  'The boot log is missing or was changed': 'Das Startprotokoll fehlt oder wurde geändert',
  'Secure Boot is off or unknown, or debugging is on':
    'Secure Boot ist aus oder unbekannt, oder Debuggen ist an',
  'Windows is not ready to use its TPM': 'Windows ist nicht bereit, sein TPM zu benutzen',
  'The clock of the device is wrong': 'Die Uhr des Geräts geht falsch',
  'This edition of Windows may not be fit': 'Diese Windows-Edition ist vielleicht nicht geeignet',
  'This version of Windows may not be fit': 'Diese Windows-Version ist vielleicht nicht geeignet',
  'Windows sees no TPM 2.0': 'Windows sieht kein TPM 2.0',
  'It is not known to be a real device': 'Es ist nicht bekannt, ob es ein echtes Gerät ist',
  'The answer is for a question that is no longer open.':
    'Die Antwort gilt einer Frage, die nicht mehr offen ist.',
  'Look at the bay again and answer what it asks now.':
    'Den Platz ansehen und beantworten, was er jetzt fragt.',
  'Another answer to this question was already taken.':
    'Auf diese Frage wurde schon anders geantwortet.',
  'Undo the first answer while the bay offers it, or go on with what was taken.':
    'Die erste Antwort zurücknehmen, solange es geht, oder damit weitermachen.',
  'The answer is none of the choices of this question.':
    'Die Antwort ist keine der Möglichkeiten dieser Frage.',
  'Choose one of the answers that the bay shows.':
    'Eine der Antworten wählen, die der Platz zeigt.',
  'The bay cannot do that in its present state.':
    'Der Platz kann das in seinem jetzigen Zustand nicht.',
  "Read the bay's line and do what it asks first.":
    'Die Zeile des Platzes lesen und erst tun, was er verlangt.',
  'This press of a button answers nothing here.': 'Dieser Tastendruck beantwortet hier nichts.',
  'Use the other button, a barcode or the board, as the bay asks.':
    'Die andere Taste, einen Strichcode oder die Tafel benutzen, wie der Platz es verlangt.',
  'The scan is no serial number, QR code or command of ours.':
    'Der Scan ist keine Seriennummer, kein QR-Code und kein Befehl von uns.',
  'Scan the serial number label of the device.':
    'Das Etikett mit der Seriennummer des Geräts scannen.',
  'The number is not as the maker of this order prints serial numbers.':
    'So druckt der Hersteller dieses Auftrags keine Seriennummern.',
  'Scan the serial number itself, or the same code once more if it is right.':
    'Die Seriennummer selbst scannen, oder denselben Code noch einmal, wenn er stimmt.',
  'The scan names no bay and more than one bay waits.':
    'Der Scan nennt keinen Platz und mehr als ein Platz wartet.',
  'Scan the label of the bay first, then the device.':
    'Erst das Etikett des Platzes scannen, dann das Gerät.',
  'Another bay has an open run with the same serial number.':
    'Ein anderer Platz hat einen offenen Lauf mit derselben Seriennummer.',
  'Compare the labels of both devices and scan the right one here.':
    'Die Etiketten beider Geräte vergleichen und hier das richtige scannen.',
  'Another bay has an open run with the same ZtdId.':
    'Ein anderer Platz hat einen offenen Lauf mit derselben ZtdId.',
  'Check which device shows which name; one of them was swapped.':
    'Prüfen, welches Gerät welchen Namen zeigt; eines wurde vertauscht.',
  'The device in the bay seems to be another one than before.':
    'Am Platz scheint ein anderes Gerät zu stehen als vorher.',
  'Scan the serial number of the device that stands in the bay now.':
    'Die Seriennummer des Geräts scannen, das jetzt am Platz steht.',
  'The serial number belongs to another work order.':
    'Die Seriennummer gehört zu einem anderen Auftrag.',
  'Take the device to its own order, or fetch the lead.':
    'Das Gerät zu seinem Auftrag bringen oder die Leitung holen.',
  "The serial number is not on the list of this bay's work order.":
    'Die Seriennummer steht nicht auf der Liste des Auftrags dieses Platzes.',
  'Fetch the lead to allow it or take the device out.':
    'Die Leitung holen, die es erlaubt, oder das Gerät entnehmen.',
  'A resealed device was switched on again; its next start belongs to the user.':
    'Ein versiegeltes Gerät wurde wieder eingeschaltet; der nächste Start gehört dem Benutzer.',
  'Switch it off, set it aside and tell the lead.':
    'Ausschalten, beiseitestellen und der Leitung sagen.',
  'The device was taken out before its run was finished.':
    'Das Gerät wurde vor dem Ende seines Laufs entnommen.',
  'Put it back and start again with a scan.': 'Zurückstellen und mit einem Scan neu beginnen.',
  'A person ended the run.': 'Ein Mensch hat den Lauf beendet.',
  'Start again with a scan when the device may be provisioned.':
    'Mit einem Scan neu beginnen, wenn das Gerät bereitgestellt werden darf.',
  'The bay has an open run; its port is left as it is.':
    'Der Platz hat einen offenen Lauf; sein Anschluss bleibt, wie er ist.',
  'Wait for the end of the run, or ask again with --even-with-open-run.':
    'Das Ende des Laufs abwarten.',
  'The code of the probe is wrong, used, too old, or of a run that is over.':
    'Der Code der Sonde ist falsch, benutzt, zu alt oder von einem beendeten Lauf.',
  'Ask for a new code at the bay and start the probe with it.':
    'Am Platz einen neuen Code holen und die Sonde damit starten.',
  'Check the USB cable from the bay to the device and to the bench PC.':
    'Das USB-Kabel vom Platz zum Gerät und zum PC der Werkbank prüfen.',
  'Plug the keyboard chip in again; `reseal doctor` shows its path.':
    'Den Tastaturchip neu einstecken; `reseal doctor` zeigt seinen Pfad.',
  'Unplug the keyboard chip and plug it in again.': 'Den Tastaturchip abziehen und neu einstecken.',
  "Let the station set the mode (mode=set in the keyboard address), or set it with the maker's tool.":
    'Die Station den Modus setzen lassen (mode=set) oder ihn mit dem Werkzeug des Herstellers setzen.',
  'Check the baud rate and the cable; `reseal doctor` probes both rates.':
    'Baudrate und Kabel prüfen; `reseal doctor` probiert beide Raten.',
  'Stop the other program, or give each part of the config a path of its own; only one may hold it.':
    'Das andere Programm anhalten, oder jedem Teil der Konfiguration einen eigenen Pfad geben; nur eines darf ihn halten.',
  'Add the user to the group that owns it (dialout; plugdev for a gadget keyboard, by the udev rules of reseal) and start again.':
    'Den Benutzer in die Gruppe aufnehmen, der es gehört (dialout; plugdev bei einer Gadget-Tastatur, durch die udev-Regeln von reseal), und neu starten.',
  'Plug the adapter in again, set the gadget up again (`reseal gadget setup`), or correct the path in the config.':
    'Den Adapter neu einstecken, das Gadget neu einrichten (`reseal gadget setup`) oder den Pfad in der Konfiguration berichtigen.',
  'Check the name in the config and whether the card is plugged in.':
    'Den Namen in der Konfiguration prüfen, und ob die Karte steckt.',
  'Run `ip link set <interface> up`; for a port of a switch `reseal port BAY on`.':
    '`ip link set <interface> up` ausführen; am Switch `reseal port BAY on`.',
  'Check its address, power and cable, and for v2c the community; some keep silent when a v3 key is wrong.':
    'Adresse, Strom und Kabel prüfen, bei v2c auch die Community; manche schweigen bei einem falschen v3-Schlüssel.',
  'Check user, keys and rights of the station on the switch.':
    'Benutzer, Schlüssel und Rechte der Station am Switch prüfen.',
  'Plug the scanner in again; scans can be typed on the board meanwhile.':
    'Den Scanner neu einstecken; bis dahin kann an der Tafel getippt werden.',
  'Plug them in again; answer by barcode or on the board meanwhile.':
    'Die Tasten neu einstecken; bis dahin per Strichcode oder Tafel antworten.',
  'Plug the lamp in again; the board shows the same signal.':
    'Die Lampe neu einstecken; die Tafel zeigt dasselbe Signal.',
  'Unplug the relay and plug it in again; a switch that stays stuck is worn out.':
    'Das Relais abziehen und neu einstecken; bleibt es hängen, ist es verschlissen.',
  'Plug it in again, or correct its address in the config; it is named by serial number or USB port.':
    'Neu einstecken oder die Adresse in der Konfiguration berichtigen.',
  'Correct the driver or the address in the config; makers share USB ids, so the product name is checked too.':
    'Treiber oder Adresse in der Konfiguration berichtigen.',
  'Unplug it and plug it in again; look at its hub and cable.':
    'Abziehen und neu einstecken; Hub und Kabel ansehen.',
  'Install the udev rules of reseal, or give its group the right to /dev/hidraw*.':
    'Die udev-Regeln von reseal installieren, oder der Gruppe das Recht an /dev/hidraw* geben.',
  'Give each part an address of its own.': 'Jedem Teil eine eigene Adresse geben.',
  'Check the capture and its cable.': 'Die Bildaufnahme und ihr Kabel prüfen.',
  'Look for a part that floods the bay; `reseal doctor` names it.':
    'Das Teil suchen, das den Platz überflutet; `reseal doctor` nennt es.',
  'Put the bay back into service and report the bundle.':
    'Den Platz wieder in Betrieb nehmen und das Bündel melden.',
  'Take the device out, put the bay back into service, and report the bundle.':
    'Gerät entnehmen, Platz wieder in Betrieb nehmen, Bündel melden.',
  'Free space on the disk of the data directory.':
    'Platz auf der Platte des Datenverzeichnisses schaffen.',
  'Check permissions and mount of the data directory.':
    'Rechte und Einbindung des Datenverzeichnisses prüfen.',
  'Stop the station, keep the file, and restore the last backup with `reseal restore`.':
    'Station anhalten, Datei aufheben, letzte Sicherung mit `reseal restore` einspielen.',
  'Read the log for the cause; the bay goes on by itself when it is gone.':
    'Die Ursache im Log lesen; der Platz geht von selbst weiter, wenn sie fort ist.',
  'Run `reseal network` and mend what it names.':
    '`reseal network` ausführen und beheben, was es nennt.',
  'Free space before the ledger has to stop.': 'Platz schaffen, bevor das Protokoll anhalten muss.',
  'Plug it in or correct its address; `reseal doctor` lists what was found.':
    'Einstecken oder die Adresse berichtigen; `reseal doctor` zeigt, was da ist.',
  'Too many event streams are open.': 'Es sind zu viele Ereignisströme offen.',
  'Close a board that nobody looks at and try again.':
    'Eine Tafel schließen, die niemand ansieht, und neu versuchen.',
  'More requests came at once than are answered.':
    'Es kamen mehr Anfragen zugleich, als beantwortet werden.',
  'Ask again a little later.': 'Etwas später noch einmal fragen.',
  'The file is no JPEG, PNG or WebP picture that can be read.':
    'Die Datei ist kein lesbares Bild in JPEG, PNG oder WebP.',
  'Take the photo again with the camera of the phone.':
    'Das Foto noch einmal mit der Kamera des Handys aufnehmen.',
  'The run has as many photos as are kept.': 'Der Lauf hat so viele Fotos, wie aufgehoben werden.',
  'Go on without another photo.': 'Ohne weiteres Foto weitermachen.',
  'A photo belongs to a run, and this bay has none yet.':
    'Ein Foto gehört zu einem Lauf, und dieser Platz hat noch keinen.',
  'Scan the device first, then take the photo.': 'Erst das Gerät scannen, dann das Foto aufnehmen.',
}
