// Work in the background: imports, bulk edits, undos.
import type { Tone } from './tone.ts';

export type JobStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export const ended = (job: { status: JobStatus }): boolean => job.status !== 'queued' && job.status !== 'running';
export const toneOf = (status: JobStatus): Tone =>
  status === 'done' ? 'ok' : status === 'failed' ? 'bad' : status === 'cancelled' ? 'warn' : 'accent';
