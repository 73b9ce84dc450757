// Codes of the red page, who must act and what to do, and refusals of the sign-in, in Spanish.
import type { SAID_CODES } from './codes-en.ts'

export const CODES_ES: Readonly<Record<(typeof SAID_CODES)[number], string>> = {
  'Red shelf: {0}': 'Estante rojo: {0}',
  'remote IT': 'TI remota',
  'OEM or service': 'fabricante o servicio',
  'image owner': 'responsable de la imagen',
  nobody: 'nadie',
  '{0}: {1}': '{0}: {1}',
  'Mend the network of the bay, then try again': 'Arregle la red del puesto y repita',
  'The bench was the cause: fetch its owner': 'La causa fue el banco: llame a su responsable',
  'Out of service by the station: fetch the owner of the bench':
    'Cerrado por la estación: llame al responsable del banco',
  'Time-out, often of the TPM step': 'Tiempo agotado, a menudo en el paso del TPM',
  'Check clock and the TPM addresses of the bay network':
    'Compruebe el reloj y las direcciones TPM de la red del puesto',
  'TPM attestation: retries used up, often a service outage':
    'Atestación del TPM: intentos agotados, a menudo una caída del servicio',
  'See whether other bays show it too: then wait for the service':
    'Mire si otros puestos lo muestran: entonces espere al servicio',
  'TPM attestation bug of Windows 11 21H2': 'Fallo de atestación del TPM de Windows 11 21H2',
  'Update the image (May 2022 update KB5013943 or later)':
    'Actualice la imagen (KB5013943 de mayo de 2022 o posterior)',
  'The TPM firmware is known to be vulnerable': 'El firmware del TPM es vulnerable, como se sabe',
  'Update the TPM firmware, then clear the TPM': 'Actualice el firmware del TPM y después bórrelo',
  'Framework error of the diagnostics page': 'Error general de la página de diagnóstico',
  'Read the code before it': 'Lea el código anterior',
  'AMD firmware TPM cannot attest, or an item was not found':
    'El TPM de firmware AMD no puede atestar, o falta un elemento',
  'Update the firmware of the device': 'Actualice el firmware del dispositivo',
  'Attestation failed, no device token': 'Atestación fallida, sin token de dispositivo',
  'Check the TPM mode and firmware, and that only one profile is assigned':
    'Compruebe modo y firmware del TPM, y que solo haya un perfil asignado',
  'TPM ticket refused, or the user may not join':
    'Tique del TPM rechazado, o el usuario no puede unirse',
  'Check TPM firmware and the join settings':
    'Compruebe el firmware del TPM y los ajustes de unión',
  'The Entra object of the device was deleted': 'Se borró el objeto de Entra del dispositivo',
  'Register the device again': 'Registre de nuevo el dispositivo',
  'HTTP 400 from the EK or AIK service': 'HTTP 400 del servicio EK o AIK',
  'Check that nothing inspects TLS to the TPM addresses':
    'Compruebe que nada inspeccione TLS hacia las direcciones TPM',
  'HTTP 404 from the EK or AIK service': 'HTTP 404 del servicio EK o AIK',
  'Check the TPM addresses; if they answer, the EK certificate is missing':
    'Compruebe las direcciones TPM; si responden, falta el certificado EK',
  'No internet at the configuration page': 'Sin Internet en la página de configuración',
  'Check the uplink of the bay network': 'Compruebe el enlace de la red del puesto',
  'Reuse of the device is not unblocked, or enrolment is blocked':
    'La reutilización no está desbloqueada, o la inscripción está bloqueada',
  'Delete the Intune record or unblock the device':
    'Borre el registro de Intune o desbloquee el dispositivo',
  'Licence missing or device limit reached':
    'Falta la licencia o se alcanzó el límite de dispositivos',
  'Assign a licence or raise the limit': 'Asigne una licencia o suba el límite',
  'No profile assigned, or pre-provisioning not allowed':
    'Sin perfil asignado, o preaprovisionamiento no permitido',
  'Assign a profile that allows pre-provisioning':
    'Asigne un perfil que permita el preaprovisionamiento',
  'The device is already enrolled': 'El dispositivo ya está inscrito',
  'Delete its Intune record': 'Borre su registro de Intune',
  'Home edition': 'Edición Home',
  'Install an edition that Autopilot takes': 'Instale una edición que Autopilot acepte',
  'Not authorised to enrol': 'Sin autorización para inscribir',
  'Check the enrolment permissions': 'Compruebe los permisos de inscripción',
  'MDM user scope is none': 'El ámbito de usuarios MDM está vacío',
  'Set the MDM user scope': 'Defina el ámbito de usuarios MDM',
  'Two management agents': 'Dos agentes de administración',
  'Remove the other management agent from the assignment':
    'Quite el otro agente de administración de la asignación',
  'The user name is not routable': 'El nombre de usuario no es enrutable',
  'Mend the user principal name': 'Corrija el nombre principal de usuario',
  'Several MDMs in the tenant': 'Varios MDM en el inquilino',
  'Leave one MDM in the tenant': 'Deje un solo MDM en el inquilino',
  'Domain controller not found, or another domain (hybrid join)':
    'Controlador de dominio no encontrado, u otro dominio (unión híbrida)',
  'Check the domain join profile and the connector':
    'Compruebe el perfil de unión al dominio y el conector',
  'Hybrid join time-out': 'Tiempo agotado en la unión híbrida',
  'Update the image (fixed in 26200.6725, 26100.6584, 22631.6276)':
    'Actualice la imagen (corregido en 26200.6725, 26100.6584, 22631.6276)',
  'A policy needs a domain controller (hybrid join)':
    'Una directiva necesita un controlador de dominio (unión híbrida)',
  'Remove that policy, or give the bench sight of a domain controller':
    'Quite esa directiva, o dé al banco acceso a un controlador de dominio',
  'An app was installed and not detected': 'Una aplicación se instaló y no se detectó',
  'Let the app owner mend the detection rule':
    'Que el responsable de la aplicación corrija su regla de detección',
  'Old enrolment certificate in a cloned image':
    'Certificado de inscripción antiguo en una imagen clonada',
  'Install the device anew': 'Instale de nuevo el dispositivo',
  'See the fault code in the documents': 'Consulte el código en la documentación',
  'The account may not do this.': 'Esta cuenta no puede hacerlo.',
  'Ask an admin for the role that docs/ROLES.md names.':
    'Pida al administrador el rol que indica docs/ROLES.md.',
  'Nobody is signed in, or the sign-in ran out.': 'Nadie ha iniciado sesión, o la sesión caducó.',
  'Sign in at /login, or send a token that is not expired.':
    'Entre en /login, o envíe un token que no haya caducado.',
  'Account and password do not belong together.': 'La cuenta y la contraseña no corresponden.',
  'Type both again; an admin can give a new first password.':
    'Escriba ambas de nuevo; un administrador puede dar otra contraseña inicial.',
}
