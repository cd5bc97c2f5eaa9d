// What pages that are worked on with a scanner share. A keyboard-wedge scanner types a code and Enter.
import { ApiError, get } from '../api/client.ts';
import type { List, OrderSummary, Product } from '../api/types.ts';

const kMuted = 'warehouse.muted';
export const isMuted = (): boolean => localStorage.getItem(kMuted) === '1';
export const setMuted = (muted: boolean): void => localStorage.setItem(kMuted, muted ? '1' : '0');

// High and short for right, low and long for wrong, two rising ones when all is done: told apart without looking.
let audio: AudioContext | undefined;
export function sound(what: 'right' | 'wrong' | 'done'): void {
  if (isMuted()) return;
  try {
    audio ??= new AudioContext();
    const tones = { right: [[880, 0.09]], wrong: [[165, 0.45]], done: [[660, 0.1], [990, 0.18]] }[what];
    let at = audio.currentTime;
    for (const [hertz, seconds] of tones as [number, number][]) {
      const tone = audio.createOscillator(), loudness = audio.createGain();
      tone.type = what === 'wrong' ? 'square' : 'sine';
      tone.frequency.value = hertz;
      loudness.gain.setValueAtTime(0.2, at);
      loudness.gain.linearRampToValueAtTime(0, at + seconds);
      tone.connect(loudness).connect(audio.destination);
      tone.start(at);
      tone.stop(at += seconds);
    }
  } catch { /* colour and words say it too */ }
}

// By what our papers bear as bars ("PF100123"), or by our number or the channel's as somebody types them.
export async function findOrder(code: string): Promise<string | null> {
  const printed = /^PF(\d{1,15})$/i.exec(code)?.[1];
  const ask = async (column: string, value = code): Promise<string | null> => (await get<List<OrderSummary>>('order', { [column]: value, per_page: 1 })).data[0]?.id ?? null;
  if (printed) return ask('id[eq]', printed);
  return (await ask('channel_order_id[eq]')) ?? (/^\d{1,15}$/.test(code) ? ask('id[eq]') : null);
}

// The title of what carries the code; nothing, where the person may not know.
export async function nameOf(code: string): Promise<string> {
  try {
    return (await get<List<Product>>('product', { q: code, per_page: 1 })).data[0]?.title ?? '';
  } catch {
    return '';
  }
}

// One after another in the order they came, since a scanner is quicker than a network. What did not reach the appliance
// is sent again; its key makes it one scan.
export class ScanQueue {
  private waiting: string[] = [];
  private running = false;
  private readonly send: (code: string, key: string) => Promise<void>;
  private readonly failed: (reason: unknown, code: string) => void;
  constructor(send: (code: string, key: string) => Promise<void>, failed: (reason: unknown, code: string) => void) {
    this.send = send;
    this.failed = failed;
  }
  async add(code: string): Promise<void> {
    this.waiting.push(code);
    if (this.running) return;
    this.running = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      const key = crypto.randomUUID();
      for (let tries = 0; ; ++tries) {
        try {
          await this.send(next, key);
          break;
        } catch (reason) {
          if (!(reason instanceof ApiError) || reason.status !== 0 || tries >= 4) {
            this.failed(reason, next);
            break;
          }
          await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tries));
        }
      }
    }
    this.running = false;
  }
}

// Letters and digits go to the scanning field wherever the person has tapped, and not to the shell's shortcuts.
export function keysTo(field: () => HTMLInputElement | undefined): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const target = event.target as Element | null;
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[\p{L}\p{N}]$/u.test(event.key) || target?.closest('input, select, textarea, dialog')) return;
    event.stopPropagation();
    field()?.focus();
  };
  addEventListener('keydown', onKey, true);
  return () => removeEventListener('keydown', onKey, true);
}
