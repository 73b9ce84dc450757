// Foreign text on its way into a finding: one line, printable, cut short.

/** At most `max` printable characters of `text`. */
export const words = (text: string, max: number): string =>
  text
    .replace(/[^\x20-\x7e\u00a1-\uffff]/g, ' ')
    .trim()
    .slice(0, max)
    .toWellFormed()
