// Why a run closed without being resealed and what to do then, in German.
import type { SAID_CLOSINGS } from './closings-en.ts'

export const CLOSINGS_DE: Readonly<Record<(typeof SAID_CLOSINGS)[number], string>> = {
  'The device was resealed before and no longer offers pre-provisioning.':
    'Das Gerät wurde schon einmal versiegelt und bietet die Vorab-Bereitstellung nicht mehr an.',
  'Look its serial number up; hand it over, or let remote IT decide about a reset.':
    'Seriennummer nachschlagen; übergeben, oder die Kunden-IT über ein Zurücksetzen entscheiden lassen.',
  'The device is not registered or has no Autopilot profile.':
    'Das Gerät ist nicht registriert oder hat kein Autopilot-Profil.',
  'Let remote IT register the device and assign a profile, then run it again.':
    'Die Kunden-IT das Gerät registrieren und ein Profil zuweisen lassen, dann neu starten.',
  'The device runs device preparation, which has no pre-provisioning.':
    'Auf dem Gerät läuft die Gerätevorbereitung (device preparation), die keine Vorab-Bereitstellung kennt.',
  'Let remote IT remove the device association.':
    'Die Kunden-IT die Zuordnung des Geräts entfernen lassen.',
  'Provisioning ended on the red page.': 'Die Bereitstellung endete auf der roten Seite.',
  'Read the code on the bay and follow its row in the documents.':
    'Den Code am Platz ablesen und seiner Zeile in den Unterlagen folgen.',
  'A person reset the device; the run ended with it.':
    'Jemand hat das Gerät zurückgesetzt; damit endete der Lauf.',
  'Start the device again as a new run.': 'Das Gerät als neuen Lauf noch einmal starten.',
  'The TPM of the device does not attest or Windows would refuse it.':
    'Das TPM des Geräts besteht den Nachweis nicht, oder Windows würde es ablehnen.',
  'Read the checks in the record and take the device to whoever services it.':
    'Die Prüfungen im Bericht lesen und das Gerät zum Service geben.',
  'The device shows another organisation, profile or user than its work order.':
    'Das Gerät zeigt eine andere Organisation, ein anderes Profil oder einen anderen Benutzer als sein Auftrag.',
  'Let remote IT mend the assignment, then run it again.':
    'Die Kunden-IT die Zuweisung berichtigen lassen, dann neu starten.',
  'A step took longer than its limit.': 'Ein Schritt dauerte länger als seine Grenze.',
  'Look at the device; run it again when it is clear why it stood still.':
    'Das Gerät ansehen; neu starten, wenn klar ist, warum es stillstand.',
  'The device did not come back after its link went down.':
    'Das Gerät kam nicht wieder, nachdem seine Verbindung abgebrochen war.',
  'Check power, cable and lid, then start again with a scan.':
    'Strom, Kabel und Deckel prüfen, dann mit einem Scan neu beginnen.',
  'The device asks for a BitLocker recovery key.':
    'Das Gerät fragt nach einem BitLocker-Wiederherstellungsschlüssel.',
  'Take it aside; it is not a fresh device.': 'Beiseitestellen; es ist kein frisches Gerät.',
  'The device does not stand on a page of the out-of-box experience.':
    'Das Gerät steht auf keiner Seite der Ersteinrichtung.',
  'Take it aside and reset or reimage it.': 'Beiseitestellen und zurücksetzen oder neu aufspielen.',
  'The keyboard chip does not answer while a key is due.':
    'Der Tastaturchip antwortet nicht, obwohl eine Taste fällig ist.',
  'The keyboard port of the bay is gone.': 'Der Tastaturanschluss des Platzes ist weg.',
  'A key burst did not end in time after it was cancelled.':
    'Eine abgebrochene Tastenfolge endete nicht rechtzeitig.',
  'The program met a case that it does not know in this bay; its run was closed.':
    'Das Programm traf an diesem Platz auf einen Fall, den es nicht kennt; der Lauf wurde beendet.',
  'The agent ended twice while it worked on this bay.':
    'Der Agent brach zweimal ab, während er an diesem Platz arbeitete.',
  'The network of the bay is not fit for provisioning.':
    'Das Netz des Platzes taugt nicht für die Bereitstellung.',
  'The agent was restarted in the middle of a run that could not go on safely.':
    'Der Agent wurde mitten in einem Lauf neu gestartet, der nicht sicher weitergehen konnte.',
  'Start the device again with a scan.': 'Das Gerät mit einem Scan neu starten.',
  'The pre-provisioning entry is not offered':
    'Der Eintrag zur Vorab-Bereitstellung wird nicht angeboten',
  'Look its serial number up before anything else': 'Zuerst seine Seriennummer nachschlagen',
  'Reseal may have been pressed; switch the device on only to look':
    'Vielleicht wurde schon versiegelt (Reseal gedrückt); nur zum Nachsehen einschalten',
  "Provisioning took longer than the order's page time-out and 30 min":
    'Die Bereitstellung dauerte länger als die Seitenfrist des Auftrags und 30 min',
  'Provisioning took too long': 'Die Bereitstellung dauerte zu lange',
  'The link did not come back': 'Die Verbindung kam nicht wieder',
}
