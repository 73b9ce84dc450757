// Codes of the red page, who must act and what to do, and refusals of the sign-in, in German.
import type { SAID_CODES } from './codes-en.ts'

export const CODES_DE: Readonly<Record<(typeof SAID_CODES)[number], string>> = {
  'Red shelf: {0}': 'Rotes Regal: {0}',
  'remote IT': 'Kunden-IT',
  'OEM or service': 'Hersteller oder Service',
  'image owner': 'wer das Image pflegt',
  nobody: 'niemand',
  '{0}: {1}': '{0}: {1}',
  'Mend the network of the bay, then try again':
    'Netz des Platzes in Ordnung bringen, dann noch einmal',
  'The bench was the cause: fetch its owner': 'Es lag an der Werkbank: Betreuer holen',
  'Out of service by the station: fetch the owner of the bench':
    'Von der Station gesperrt: Betreuer der Werkbank holen',
  'Time-out, often of the TPM step': 'Zeitüberschreitung, oft im TPM-Schritt',
  'Check clock and the TPM addresses of the bay network':
    'Uhr und TPM-Adressen im Netz des Platzes prüfen',
  'TPM attestation: retries used up, often a service outage':
    'TPM-Nachweis: alle Versuche verbraucht, oft ein Ausfall des Dienstes',
  'See whether other bays show it too: then wait for the service':
    'Zeigen es auch andere Plätze? Dann auf den Dienst warten',
  'TPM attestation bug of Windows 11 21H2': 'Fehler von Windows 11 21H2 beim TPM-Nachweis',
  'Update the image (May 2022 update KB5013943 or later)':
    'Image aktualisieren (Update KB5013943 vom Mai 2022 oder neuer)',
  'The TPM firmware is known to be vulnerable': 'Die Firmware des TPM ist als angreifbar bekannt',
  'Update the TPM firmware, then clear the TPM': 'TPM-Firmware aktualisieren, danach TPM löschen',
  'Framework error of the diagnostics page': 'Rahmenfehler der Diagnoseseite',
  'Read the code before it': 'Den Code davor lesen',
  'AMD firmware TPM cannot attest, or an item was not found':
    'AMD-Firmware-TPM kann sich nicht nachweisen, oder etwas wurde nicht gefunden',
  'Update the firmware of the device': 'Firmware des Geräts aktualisieren',
  'Attestation failed, no device token': 'Nachweis fehlgeschlagen, kein Geräte-Token',
  'Check the TPM mode and firmware, and that only one profile is assigned':
    'TPM-Modus und Firmware prüfen, und dass nur ein Profil zugewiesen ist',
  'TPM ticket refused, or the user may not join':
    'TPM-Ticket abgelehnt, oder der Benutzer darf nicht beitreten',
  'Check TPM firmware and the join settings': 'TPM-Firmware und Beitrittseinstellungen prüfen',
  'The Entra object of the device was deleted': 'Das Entra-Objekt des Geräts wurde gelöscht',
  'Register the device again': 'Gerät neu registrieren',
  'HTTP 400 from the EK or AIK service': 'HTTP 400 vom EK- oder AIK-Dienst',
  'Check that nothing inspects TLS to the TPM addresses':
    'Prüfen, dass nichts TLS zu den TPM-Adressen aufbricht',
  'HTTP 404 from the EK or AIK service': 'HTTP 404 vom EK- oder AIK-Dienst',
  'Check the TPM addresses; if they answer, the EK certificate is missing':
    'TPM-Adressen prüfen; antworten sie, fehlt das EK-Zertifikat',
  'No internet at the configuration page': 'Kein Internet auf der Konfigurationsseite',
  'Check the uplink of the bay network': 'Leitung des Platznetzes prüfen',
  'Reuse of the device is not unblocked, or enrolment is blocked':
    'Wiederverwendung des Geräts ist nicht freigegeben, oder die Registrierung ist gesperrt',
  'Delete the Intune record or unblock the device': 'Intune-Eintrag löschen oder Gerät freigeben',
  'Licence missing or device limit reached': 'Lizenz fehlt oder Gerätegrenze erreicht',
  'Assign a licence or raise the limit': 'Lizenz zuweisen oder Grenze erhöhen',
  'No profile assigned, or pre-provisioning not allowed':
    'Kein Profil zugewiesen, oder Vorbereitung nicht erlaubt',
  'Assign a profile that allows pre-provisioning':
    'Ein Profil zuweisen, das die Vorbereitung erlaubt',
  'The device is already enrolled': 'Das Gerät ist schon registriert',
  'Delete its Intune record': 'Seinen Intune-Eintrag löschen',
  'Home edition': 'Home-Edition',
  'Install an edition that Autopilot takes': 'Eine Edition installieren, die Autopilot annimmt',
  'Not authorised to enrol': 'Registrierung nicht erlaubt',
  'Check the enrolment permissions': 'Rechte zur Registrierung prüfen',
  'MDM user scope is none': 'MDM-Benutzerbereich ist leer',
  'Set the MDM user scope': 'MDM-Benutzerbereich setzen',
  'Two management agents': 'Zwei Verwaltungsagenten',
  'Remove the other management agent from the assignment':
    'Den anderen Verwaltungsagenten aus der Zuweisung nehmen',
  'The user name is not routable': 'Der Benutzername ist nicht routbar',
  'Mend the user principal name': 'Den Benutzerprinzipalnamen richtigstellen',
  'Several MDMs in the tenant': 'Mehrere MDM im Mandanten',
  'Leave one MDM in the tenant': 'Nur ein MDM im Mandanten lassen',
  'Domain controller not found, or another domain (hybrid join)':
    'Domänencontroller nicht gefunden, oder andere Domäne (Hybridbeitritt)',
  'Check the domain join profile and the connector':
    'Profil des Domänenbeitritts und Connector prüfen',
  'Hybrid join time-out': 'Zeitüberschreitung beim Hybridbeitritt',
  'Update the image (fixed in 26200.6725, 26100.6584, 22631.6276)':
    'Image aktualisieren (behoben in 26200.6725, 26100.6584, 22631.6276)',
  'A policy needs a domain controller (hybrid join)':
    'Eine Richtlinie braucht einen Domänencontroller (Hybridbeitritt)',
  'Remove that policy, or give the bench sight of a domain controller':
    'Die Richtlinie entfernen, oder der Werkbank einen Domänencontroller zugänglich machen',
  'An app was installed and not detected': 'Eine App wurde installiert und nicht erkannt',
  'Let the app owner mend the detection rule':
    'Wer die App pflegt, berichtigt ihre Erkennungsregel',
  'Old enrolment certificate in a cloned image':
    'Altes Registrierungszertifikat in einem geklonten Image',
  'Install the device anew': 'Gerät neu installieren',
  'See the fault code in the documents': 'Den Code in den Unterlagen nachsehen',
  'The account may not do this.': 'Dieses Konto darf das nicht.',
  'Ask an admin for the role that docs/ROLES.md names.':
    'Beim Admin um die Rolle bitten, die docs/ROLES.md nennt.',
  'Nobody is signed in, or the sign-in ran out.':
    'Niemand ist angemeldet, oder die Anmeldung ist abgelaufen.',
  'Sign in at /login, or send a token that is not expired.':
    'Unter /login anmelden, oder ein gültiges Token senden.',
  'Account and password do not belong together.': 'Konto und Passwort passen nicht zusammen.',
  'Type both again; an admin can give a new first password.':
    'Beides noch einmal eintippen; ein Admin kann ein neues Erstpasswort geben.',
}
