// The words of a printed label, in the languages of the pages; a label is read far from any screen.
import type { Grade, Verdict } from '../evidence.ts'

export const LABEL_LANGUAGES = ['en', 'de', 'es'] as const
export type LabelLanguage = (typeof LABEL_LANGUAGES)[number]

export interface LabelWords {
  readonly verdicts: Readonly<Record<Verdict, string>>
  readonly grades: Readonly<Record<Grade, string>>
  readonly handOverAfter: string
  readonly useBefore: string
  readonly noSerial: string
  readonly order: string
  readonly bay: string
}

export const LABEL_WORDS: Readonly<Record<LabelLanguage, LabelWords>> = {
  en: {
    verdicts: {
      resealed: 'RESEALED',
      failed: 'FAILED',
      error: 'NOT FINISHED',
      timeout: 'NOT FINISHED',
      aborted: 'NOT FINISHED',
      interrupted: 'NOT FINISHED',
    },
    grades: { witnessed: 'witnessed', reported: 'reported', stated: 'stated' },
    handOverAfter: 'Hand over after',
    useBefore: 'Use before',
    noSerial: 'no serial number',
    order: 'Order',
    bay: 'Bay',
  },
  de: {
    verdicts: {
      resealed: 'VERSIEGELT',
      failed: 'FEHLGESCHLAGEN',
      error: 'NICHT FERTIG',
      timeout: 'NICHT FERTIG',
      aborted: 'NICHT FERTIG',
      interrupted: 'NICHT FERTIG',
    },
    grades: { witnessed: 'bezeugt', reported: 'gemeldet', stated: 'erklärt' },
    handOverAfter: 'Ausgeben ab',
    useBefore: 'Benutzen vor',
    noSerial: 'ohne Seriennummer',
    order: 'Auftrag',
    bay: 'Platz',
  },
  es: {
    verdicts: {
      resealed: 'RESELLADO',
      failed: 'FALLIDO',
      error: 'SIN TERMINAR',
      timeout: 'SIN TERMINAR',
      aborted: 'SIN TERMINAR',
      interrupted: 'SIN TERMINAR',
    },
    grades: { witnessed: 'presenciado', reported: 'comunicado', stated: 'declarado' },
    handOverAfter: 'Entregar después de',
    useBefore: 'Usar antes de',
    noSerial: 'sin número de serie',
    order: 'Orden',
    bay: 'Puesto',
  },
}
