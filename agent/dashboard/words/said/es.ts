// What the station itself says, in Spanish.
import { CLOSINGS_ES } from './closings-es.ts'
import { CODES_ES } from './codes-es.ts'
import type { Said } from './en.ts'
import { FINDINGS_ES } from './findings-es.ts'
import { VALUES_ES } from './values-es.ts'

export const SAID_ES: Readonly<Record<Said, string>> = {
  ...CLOSINGS_ES,
  ...CODES_ES,
  ...FINDINGS_ES,
  ...VALUES_ES,
  Free: 'Libre',
  Waits: 'Espera',
  Works: 'Trabaja',
  You: 'Usted',
  Hold: 'Retenido',
  Failed: 'Fallo',
  Bench: 'Avería',
  Closed: 'Cerrado',
  Test: 'Prueba',
  Scan: 'Escanear',
  Look: 'Mirar',
  Choose: 'Elegir',
  Compare: 'Comparar',
  Plug: 'Conectar',
  'Take out': 'Retirar',
  Stop: 'Alto',
  'Scan the device. Charger in? Lid open?': 'Escanee el equipo. ¿Cargador? ¿Tapa abierta?',
  'Type the serial': 'Escribir el número de serie',
  'It is on': 'Está encendido',
  'Taken out': 'Retirado',
  'The link comes and goes: look at the cable': 'El enlace va y viene: mire el cable',
  'Take the device out': 'Retire el equipo',
  'Which device is this?': '¿Qué equipo es este?',
  'Resealed device is on: switch it off': 'Equipo sellado encendido: apáguelo',
  Seen: 'Visto',
  'Scan the serial number. Charger in? Lid open?':
    'Escanee el n.º de serie. ¿Cargador? ¿Tapa abierta?',
  'Plug the network cable in. Charger in?': 'Conecte el cable de red. ¿Cargador?',
  'Press the left Windows key five times. Options there?':
    'Pulse cinco veces la tecla Windows izquierda. ¿Opciones?',
  'Are the options there, the list framed?': '¿Están las opciones, la lista enmarcada?',
  'Options (white)': 'Opciones (blanco)',
  'Options (blue)': 'Opciones (azul)',
  'Options, the frame not on the list': 'Opciones, el marco no está en la lista',
  'Select pre-provision, press Next': 'Elija preaprovisionar, pulse Siguiente',
  'Pre-provision selected, Next framed?': '¿Preaprovisionar elegido, Siguiente enmarcado?',
  Done: 'Hecho',
  Yes: 'Sí',
  'No: move again': 'No: mover otra vez',
  'No: the frame is on the list': 'No: el marco está en la lista',
  'No such entry': 'No hay tal entrada',
  'Names right? Press Next': '¿Nombres correctos? Pulse Siguiente',
  'Names right, Next framed?': '¿Nombres correctos, Siguiente enmarcado?',
  'Right, and pressed': 'Correcto, y pulsado',
  'Yes, right': 'Sí, correctos',
  'Organisation differs': 'La organización difiere',
  'Profile differs': 'El perfil difiere',
  'User differs': 'El usuario difiere',
  'I pressed Refresh': 'He pulsado Actualizar',
  'No profile, Next is grey': 'Sin perfil, Siguiente está gris',
  'Restarts. Or was it green, and Reseal is pressed?':
    'Se reinicia. ¿O era verde y Sellar está pulsado?',
  'Green, Reseal pressed': 'Verde, Sellar pulsado',
  'Green, other names': 'Verde, otros nombres',
  'Green? Press Reseal. Or red?': '¿Verde? Pulse Sellar. ¿O rojo?',
  'Green with the same names, or red?': '¿Verde con los mismos nombres, o rojo?',
  Green: 'Verde',
  Red: 'Rojo',
  'Still working': 'Sigue trabajando',
  'Which code is on the red page?': '¿Qué código hay en la página roja?',
  'Red: this code': 'Rojo: este código',
  'No code there': 'No hay código',
  'Not red any more': 'Ya no está rojo',
  'Press Retry, never Reset': 'Pulse Reintentar, nunca Restablecer',
  'Retry framed, not Reset?': '¿Reintentar enmarcado, no Restablecer?',
  Pressed: 'Pulsado',
  'Yes, Retry': 'Sí, Reintentar',
  'A person resets it': 'Una persona lo restablece',
  'Did it go dark by itself?': '¿Se apagó solo?',
  'Yes, it went dark': 'Sí, se apagó',
  'It was pulled before': 'Se desconectó antes',
  'It is still on': 'Sigue encendido',
  'What does it show now?': '¿Qué muestra ahora?',
  'First pages': 'Primeras páginas',
  'Configuration page': 'Página de configuración',
  Progress: 'Progreso',
  'Green, these names, Reseal pressed': 'Verde, estos nombres, Sellar pulsado',
  'Green, these names': 'Verde, estos nombres',
  'Being reset': 'Se está restableciendo',
  'First page is back': 'Ha vuelto la primera página',
  Dark: 'Oscuro',
  'Firmware password': 'Contraseña de firmware',
  'Boot error': 'Error de arranque',
  'BitLocker recovery': 'Recuperación de BitLocker',
  Desktop: 'Escritorio',
  'Other menu': 'Otro menú',
  'Other language': 'Otro idioma',
  'Something else': 'Otra cosa',
  'Red shelf': 'Estante rojo',
  'Bench or network was the cause': 'La causa fue el banco o la red',
  'End this run': 'Terminar este ciclo',
  'Mended: go on': 'Arreglado: seguir',
  'The lead allows it': 'El responsable lo permite',
  'Check again': 'Comprobar otra vez',
  'Press Retry': 'Pulsar Reintentar',
  'Other customer: fetch the lead': 'Otro cliente: llame al responsable',
  'Not on the order: fetch the lead': 'No está en la orden: llame al responsable',
  'Same serial in another bay: scan again': 'Mismo número en otro puesto: escanee de nuevo',
  'Same ZtdId in another bay: fetch the lead': 'Mismo ZtdId en otro puesto: llame al responsable',
  'The order demands a TPM proof': 'La orden exige una prueba del TPM',
  'TPM: fetch the lead': 'TPM: llame al responsable',
  'Unknown menu: press Cancel there, never Next':
    'Menú desconocido: pulse Cancelar, nunca Siguiente',
  'Runs device preparation: remote IT': 'Usa preparación de dispositivos: TI remota',
  'Names differ from the order': 'Los nombres difieren de la orden',
  'Another device? Scan its label': '¿Otro equipo? Escanee su etiqueta',
  'No options seen: look at the device': 'No hay opciones: mire el equipo',
  'Unknown red code: fetch the lead': 'Código rojo desconocido: llame al responsable',
  'BitLocker recovery: set aside': 'Recuperación de BitLocker: apártelo',
  'Firmware asks for a password': 'El firmware pide una contraseña',
  'Desktop: not a fresh device': 'Escritorio: no es un equipo nuevo',
  'Unknown language: fetch the lead': 'Idioma desconocido: llame al responsable',
  'No profile: remote IT': 'Sin perfil: TI remota',
  'Cannot see where the focus is': 'No se ve dónde está el marco',
  'Stands still: look at the device': 'Está parado: mire el equipo',
  'Look at the device': 'Mire el equipo',
  'plug a device in': 'conecte un equipo',
  'link settling': 'el enlace se estabiliza',
  'by a person': 'por una persona',
  'checks the network': 'comprueba la red',
  'finds the keyboard': 'busca el teclado',
  'summons the options': 'llama a las opciones',
  'moves to the entry': 'va a la entrada',
  'opens the page': 'abre la página',
  'page loads': 'carga la página',
  'refreshes the page': 'actualiza la página',
  'compares the names': 'compara los nombres',
  'checks the selection': 'comprueba la selección',
  starts: 'empieza',
  restarts: 'se reinicia',
  green: 'verde',
  'presses Reseal': 'pulsa Sellar',
  'watches it go off': 'mira cómo se apaga',
  'red page': 'página roja',
  'waits for Retry': 'espera a Reintentar',
  'moves to Retry': 'va a Reintentar',
  'presses Retry': 'pulsa Reintentar',
  'being reset': 'se restablece',
  'looks where it stands': 'mira dónde está',
  'closes in seconds': 'cierra en segundos',
  'longer than usual': 'más de lo habitual',
  provisioning: 'aprovisionando',
  'installing apps': 'instala aplicaciones',
  network: 'red',
  'waits for the keyboard': 'espera al teclado',
  'keyboard {0}': 'teclado {0}',
  ok: 'bien',
  silent: 'mudo',
  gone: 'ausente',
  'resealed, {0}': 'sellado, {0}',
  witnessed: 'presenciado',
  reported: 'comunicado',
  stated: 'declarado',
  'closes as {0}': 'cierra como {0}',
  '{0}: take out': '{0}: retirar',
  'red shelf': 'estante rojo',
  bench: 'banco',
  closed: 'cerrado',
  'took too long: look at it': 'tardó demasiado: mírelo',
  resealed: 'sellado',
  failed: 'fallido',
  error: 'error',
  timeout: 'tiempo agotado',
  aborted: 'cancelado',
  interrupted: 'interrumpido',
  '{0} ({1})': '{0} ({1})',
  '{0}, and {1} more': '{0}, y {1} más',
  'the probe did not relay the TPM': 'la sonda no transmitió el TPM',
  'no probe came: start it on the device': 'no llegó ninguna sonda: iníciela en el equipo',
  'the probe did not run in Windows': 'la sonda no se ejecutó en Windows',
  'no probe came: start it in Windows': 'no llegó ninguna sonda: iníciela en Windows',
  'The TPM stopped answering': 'El TPM dejó de responder',
  'There is no TPM 2.0': 'No hay TPM 2.0',
  'It is not known to be a real TPM': 'No consta que sea un TPM real',
  'The TPM measures with SHA-1 only': 'El TPM mide solo con SHA-1',
  'Wrong passwords were tried on the TPM': 'Se probaron contraseñas erróneas en el TPM',
  'A password on the TPM blocks attestation': 'Una contraseña del TPM impide la atestación',
  'The TPM belongs to somebody already': 'El TPM ya pertenece a alguien',
  "The maker's certificate of the TPM is missing or does not fit":
    'El certificado de fábrica del TPM falta o no encaja',
  "The maker's certificate of the TPM is not as it should be":
    'El certificado de fábrica del TPM no es como debe',
  "The maker's certificate of the TPM is not trusted here":
    'Aquí no se confía en el certificado de fábrica del TPM',
  'The TPM and its certificate name different makers':
    'El TPM y su certificado nombran fabricantes distintos',
  'The TPM has a weak key': 'El TPM tiene una clave débil',
  'The TPM has a key of an unusual kind': 'El TPM tiene una clave de tipo inusual',
  'The firmware of the TPM needs an update': 'El firmware del TPM necesita una actualización',
  'Attestation is known to fail on such devices':
    'Se sabe que la atestación falla en estos equipos',
  'The TPM made another key than was asked for': 'El TPM creó otra clave que la pedida',
  'The TPM did not prove that its certificate is its own':
    'El TPM no probó que el certificado es suyo',
  'The TPM did not sign its state': 'El TPM no firmó su estado',
  'The boot log is missing or was changed': 'El registro de arranque falta o fue cambiado',
  'Secure Boot is off or unknown, or debugging is on':
    'Secure Boot apagado o desconocido, o depuración activa',
  'Windows is not ready to use its TPM': 'Windows no está listo para usar su TPM',
  'The clock of the device is wrong': 'El reloj del equipo está mal',
  'This edition of Windows may not be fit': 'Esta edición de Windows puede no ser apta',
  'This version of Windows may not be fit': 'Esta versión de Windows puede no ser apta',
  'Windows sees no TPM 2.0': 'Windows no ve ningún TPM 2.0',
  'It is not known to be a real device': 'No consta que sea un equipo real',
  'The answer is for a question that is no longer open.':
    'La respuesta es para una pregunta que ya no está abierta.',
  'Look at the bay again and answer what it asks now.':
    'Mire el puesto y responda a lo que pregunta ahora.',
  'Another answer to this question was already taken.':
    'Ya se aceptó otra respuesta a esta pregunta.',
  'Undo the first answer while the bay offers it, or go on with what was taken.':
    'Deshaga la primera respuesta mientras se ofrezca, o siga con ella.',
  'The answer is none of the choices of this question.':
    'La respuesta no es ninguna de las opciones de esta pregunta.',
  'Choose one of the answers that the bay shows.':
    'Elija una de las respuestas que muestra el puesto.',
  'The bay cannot do that in its present state.':
    'El puesto no puede hacer eso en su estado actual.',
  "Read the bay's line and do what it asks first.":
    'Lea la línea del puesto y haga primero lo que pide.',
  'This press of a button answers nothing here.': 'Esta pulsación no responde a nada aquí.',
  'Use the other button, a barcode or the board, as the bay asks.':
    'Use el otro botón, un código de barras o el tablero, como pide el puesto.',
  'The scan is no serial number, QR code or command of ours.':
    'La lectura no es un número de serie, código QR ni orden nuestra.',
  'Scan the serial number label of the device.':
    'Escanee la etiqueta con el número de serie del equipo.',
  'The number is not as the maker of this order prints serial numbers.':
    'El número no es como los que imprime el fabricante de esta orden.',
  'Scan the serial number itself, or the same code once more if it is right.':
    'Escanee el número de serie, o el mismo código otra vez si es correcto.',
  'The scan names no bay and more than one bay waits.':
    'La lectura no nombra ningún puesto y más de uno espera.',
  'Scan the label of the bay first, then the device.':
    'Escanee primero la etiqueta del puesto, después el equipo.',
  'Another bay has an open run with the same serial number.':
    'Otro puesto tiene un ciclo abierto con el mismo número de serie.',
  'Compare the labels of both devices and scan the right one here.':
    'Compare las etiquetas de ambos equipos y escanee aquí la correcta.',
  'Another bay has an open run with the same ZtdId.':
    'Otro puesto tiene un ciclo abierto con el mismo ZtdId.',
  'Check which device shows which name; one of them was swapped.':
    'Compruebe qué equipo muestra qué nombre; uno fue cambiado.',
  'The device in the bay seems to be another one than before.':
    'El equipo del puesto parece ser otro que antes.',
  'Scan the serial number of the device that stands in the bay now.':
    'Escanee el número de serie del equipo que está ahora en el puesto.',
  'The serial number belongs to another work order.': 'El número de serie pertenece a otra orden.',
  'Take the device to its own order, or fetch the lead.':
    'Lleve el equipo a su orden, o llame al responsable.',
  "The serial number is not on the list of this bay's work order.":
    'El número de serie no está en la lista de la orden de este puesto.',
  'Fetch the lead to allow it or take the device out.':
    'Llame al responsable para que lo permita, o retire el equipo.',
  'A resealed device was switched on again; its next start belongs to the user.':
    'Se encendió un equipo sellado; su próximo arranque es del usuario.',
  'Switch it off, set it aside and tell the lead.': 'Apáguelo, apártelo y avise al responsable.',
  'The device was taken out before its run was finished.':
    'El equipo se retiró antes de acabar su ciclo.',
  'Put it back and start again with a scan.': 'Devuélvalo y empiece de nuevo con una lectura.',
  'A person ended the run.': 'Una persona terminó el ciclo.',
  'Start again with a scan when the device may be provisioned.':
    'Empiece de nuevo con una lectura cuando se pueda aprovisionar el equipo.',
  'The bay has an open run; its port is left as it is.':
    'El puesto tiene un ciclo abierto; su puerto se deja como está.',
  'Wait for the end of the run, or ask again with --even-with-open-run.':
    'Espere al final del ciclo.',
  'The code of the probe is wrong, used, too old, or of a run that is over.':
    'El código de la sonda es erróneo, usado, viejo o de un ciclo terminado.',
  'Ask for a new code at the bay and start the probe with it.':
    'Pida un código nuevo en el puesto e inicie con él la sonda.',
  'Check the USB cable from the bay to the device and to the bench PC.':
    'Revise el cable USB del puesto al equipo y al PC del banco.',
  'Plug the keyboard chip in again; `reseal doctor` shows its path.':
    'Conecte de nuevo el chip de teclado; `reseal doctor` muestra su ruta.',
  'Unplug the keyboard chip and plug it in again.':
    'Desconecte el chip de teclado y conéctelo de nuevo.',
  "Let the station set the mode (mode=set in the keyboard address), or set it with the maker's tool.":
    'Deje que la estación fije el modo (mode=set), o fíjelo con la herramienta del fabricante.',
  'Check the baud rate and the cable; `reseal doctor` probes both rates.':
    'Revise la velocidad y el cable; `reseal doctor` prueba ambas.',
  'Stop the other program, or give each part of the config a path of its own; only one may hold it.':
    'Pare el otro programa, o dé a cada parte de la configuración su propia ruta; solo uno puede usarla.',
  'Add the user to the group that owns it (dialout; plugdev for a gadget keyboard, by the udev rules of reseal) and start again.':
    'Añada el usuario al grupo propietario (dialout; plugdev para un teclado gadget, por las reglas udev de reseal) y reinicie.',
  'Plug the adapter in again, set the gadget up again (`reseal gadget setup`), or correct the path in the config.':
    'Conecte de nuevo el adaptador, vuelva a crear el gadget (`reseal gadget setup`) o corrija la ruta en la configuración.',
  'Check the name in the config and whether the card is plugged in.':
    'Revise el nombre en la configuración y si la tarjeta está conectada.',
  'Run `ip link set <interface> up`; for a port of a switch `reseal port BAY on`.':
    'Ejecute `ip link set <interface> up`; en un switch `reseal port BAY on`.',
  'Check its address, power and cable, and for v2c the community; some keep silent when a v3 key is wrong.':
    'Compruebe dirección, corriente y cable, y con v2c la comunidad; algunos callan si una clave v3 es errónea.',
  'Check user, keys and rights of the station on the switch.':
    'Revise usuario, claves y permisos de la estación en el switch.',
  'Plug the scanner in again; scans can be typed on the board meanwhile.':
    'Conecte de nuevo el escáner; entretanto se puede escribir en el tablero.',
  'Plug them in again; answer by barcode or on the board meanwhile.':
    'Conéctelos de nuevo; entretanto responda por código de barras o tablero.',
  'Plug the lamp in again; the board shows the same signal.':
    'Conecte de nuevo la lámpara; el tablero muestra la misma señal.',
  'Unplug the relay and plug it in again; a switch that stays stuck is worn out.':
    'Desconecte el relé y conéctelo de nuevo; si sigue atascado, está gastado.',
  'Plug it in again, or correct its address in the config; it is named by serial number or USB port.':
    'Conéctelo de nuevo o corrija su dirección en la configuración.',
  'Correct the driver or the address in the config; makers share USB ids, so the product name is checked too.':
    'Corrija el controlador o la dirección en la configuración.',
  'Unplug it and plug it in again; look at its hub and cable.':
    'Desconéctelo y conéctelo de nuevo; mire el concentrador y el cable.',
  'Install the udev rules of reseal, or give its group the right to /dev/hidraw*.':
    'Instale las reglas udev de reseal, o dé permiso al grupo en /dev/hidraw*.',
  'Give each part an address of its own.': 'Dé a cada parte su propia dirección.',
  'Check the capture and its cable.': 'Revise la captura y su cable.',
  'Look for a part that floods the bay; `reseal doctor` names it.':
    'Busque la parte que inunda el puesto; `reseal doctor` la nombra.',
  'Put the bay back into service and report the bundle.':
    'Ponga el puesto de nuevo en servicio e informe con el paquete.',
  'Take the device out, put the bay back into service, and report the bundle.':
    'Retire el equipo, ponga el puesto en servicio e informe con el paquete.',
  'Free space on the disk of the data directory.':
    'Libere espacio en el disco del directorio de datos.',
  'Check permissions and mount of the data directory.':
    'Revise permisos y montaje del directorio de datos.',
  'Stop the station, keep the file, and restore the last backup with `reseal restore`.':
    'Pare la estación, guarde el archivo y restaure la última copia con `reseal restore`.',
  'Read the log for the cause; the bay goes on by itself when it is gone.':
    'Lea la causa en el registro; el puesto sigue solo cuando desaparezca.',
  'Run `reseal network` and mend what it names.':
    'Ejecute `reseal network` y arregle lo que nombre.',
  'Free space before the ledger has to stop.':
    'Libere espacio antes de que el registro tenga que parar.',
  'Plug it in or correct its address; `reseal doctor` lists what was found.':
    'Conéctelo o corrija su dirección; `reseal doctor` lista lo encontrado.',
  'Too many event streams are open.': 'Hay demasiados flujos de eventos abiertos.',
  'Close a board that nobody looks at and try again.':
    'Cierre un tablero que nadie mire e inténtelo de nuevo.',
  'More requests came at once than are answered.':
    'Llegaron más peticiones a la vez de las que se responden.',
  'Ask again a little later.': 'Pregunte de nuevo un poco más tarde.',
  'The file is no JPEG, PNG or WebP picture that can be read.':
    'El archivo no es una imagen JPEG, PNG o WebP legible.',
  'Take the photo again with the camera of the phone.':
    'Haga la foto de nuevo con la cámara del teléfono.',
  'The run has as many photos as are kept.': 'El ciclo ya tiene todas las fotos que se guardan.',
  'Go on without another photo.': 'Siga sin otra foto.',
  'A photo belongs to a run, and this bay has none yet.':
    'Una foto pertenece a un ciclo, y este puesto aún no tiene ninguno.',
  'Scan the device first, then take the photo.':
    'Escanee primero el equipo y después haga la foto.',
}
