// Two sounds that nobody mixes up in a loud hall: up for green, a low double for red.

/** Hz, start and length in s. */
const TONES = {
  go: [
    [880, 0, 0.12],
    [1320, 0.13, 0.22],
  ],
  stop: [
    [200, 0, 0.28],
    [160, 0.34, 0.42],
  ],
} as const
const VOLUME = 0.5

let audio: AudioContext | null = null

/** Browsers want a key or a press before the first sound: the wedge's own keys are one. */
export function wakeSound(): void {
  audio ??= new AudioContext()
  if (audio.state === 'suspended') void audio.resume()
}

export function play(what: keyof typeof TONES): void {
  if (audio === null) return
  for (const [hz, at, length] of TONES[what]) {
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    const from = audio.currentTime + at
    tone.type = what === 'go' ? 'sine' : 'square'
    tone.frequency.value = hz
    volume.gain.setValueAtTime(0, from)
    volume.gain.linearRampToValueAtTime(VOLUME, from + 0.02)
    volume.gain.linearRampToValueAtTime(0, from + length)
    tone.connect(volume).connect(audio.destination)
    tone.start(from)
    tone.stop(from + length)
  }
}
