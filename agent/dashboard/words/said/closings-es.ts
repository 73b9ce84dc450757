// Why a run closed without being resealed and what to do then, in Spanish.
import type { SAID_CLOSINGS } from './closings-en.ts'

export const CLOSINGS_ES: Readonly<Record<(typeof SAID_CLOSINGS)[number], string>> = {
  'The device was resealed before and no longer offers pre-provisioning.':
    'El equipo ya se reselló y no vuelve a ofrecer el preaprovisionamiento.',
  'Look its serial number up; hand it over, or let remote IT decide about a reset.':
    'Consulte su número de serie; entréguelo, o que la TI remota decida si se restablece.',
  'The device is not registered or has no Autopilot profile.':
    'El equipo no está registrado o no tiene perfil de Autopilot.',
  'Let remote IT register the device and assign a profile, then run it again.':
    'Que la TI remota registre el equipo y le asigne un perfil; después, repita.',
  'The device runs device preparation, which has no pre-provisioning.':
    'El equipo usa la preparación de dispositivos (device preparation), que no tiene preaprovisionamiento.',
  'Let remote IT remove the device association.':
    'Que la TI remota quite la asociación del equipo.',
  'Provisioning ended on the red page.': 'El aprovisionamiento terminó en la página roja.',
  'Read the code on the bay and follow its row in the documents.':
    'Lea el código en el puesto y siga su fila en la documentación.',
  'A person reset the device; the run ended with it.':
    'Una persona restableció el equipo; con ello terminó el ciclo.',
  'Start the device again as a new run.': 'Vuelva a empezar con el equipo en un ciclo nuevo.',
  'The TPM of the device does not attest or Windows would refuse it.':
    'El TPM del equipo no se acredita o Windows lo rechazaría.',
  'Read the checks in the record and take the device to whoever services it.':
    'Lea las comprobaciones en el informe y lleve el equipo a quien lo repara.',
  'The device shows another organisation, profile or user than its work order.':
    'El equipo muestra otra organización, otro perfil u otro usuario que su orden.',
  'Let remote IT mend the assignment, then run it again.':
    'Que la TI remota corrija la asignación; después, repita.',
  'A step took longer than its limit.': 'Un paso tardó más que su límite.',
  'Look at the device; run it again when it is clear why it stood still.':
    'Mire el equipo; repita cuando se sepa por qué se detuvo.',
  'The device did not come back after its link went down.':
    'El equipo no volvió después de perder la conexión.',
  'Check power, cable and lid, then start again with a scan.':
    'Revise alimentación, cable y tapa; después, empiece de nuevo con una lectura.',
  'The device asks for a BitLocker recovery key.':
    'El equipo pide una clave de recuperación de BitLocker.',
  'Take it aside; it is not a fresh device.': 'Apártelo; no es un equipo nuevo.',
  'The device does not stand on a page of the out-of-box experience.':
    'El equipo no está en una página de la configuración inicial.',
  'Take it aside and reset or reimage it.': 'Apártelo y restablézcalo o reinstale su imagen.',
  'The keyboard chip does not answer while a key is due.':
    'El chip de teclado no responde cuando toca pulsar una tecla.',
  'The keyboard port of the bay is gone.': 'El puerto del teclado del puesto ha desaparecido.',
  'A key burst did not end in time after it was cancelled.':
    'Una secuencia de teclas cancelada no terminó a tiempo.',
  'The program met a case that it does not know in this bay; its run was closed.':
    'El programa encontró en este puesto un caso que no conoce; su ciclo se cerró.',
  'The agent ended twice while it worked on this bay.':
    'El agente terminó dos veces mientras trabajaba en este puesto.',
  'The network of the bay is not fit for provisioning.':
    'La red del puesto no sirve para el aprovisionamiento.',
  'The agent was restarted in the middle of a run that could not go on safely.':
    'El agente se reinició en medio de un ciclo que no podía continuar con seguridad.',
  'Start the device again with a scan.': 'Empiece de nuevo con una lectura del equipo.',
  'The pre-provisioning entry is not offered': 'No se ofrece la opción de preaprovisionamiento',
  'Look its serial number up before anything else': 'Antes de nada, consulte su número de serie',
  'Reseal may have been pressed; switch the device on only to look':
    'Quizá se pulsó Reseal; encienda el equipo solo para mirar',
  "Provisioning took longer than the order's page time-out and 30 min":
    'El aprovisionamiento tardó más que el plazo de la orden y 30 min',
  'Provisioning took too long': 'El aprovisionamiento tardó demasiado',
  'The link did not come back': 'La conexión no volvió',
}
