// The one way in which a picture can be no picture.

/** Says in a few English words what is wrong with the bytes; the fault's own words stand beside it. */
export class BrokenPicture extends Error {}

export interface Stripped {
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}
