export type Tone = 'ok' | 'warn' | 'bad' | 'calm' | 'accent';
