// A page that lists what the shop describes of one kind, and edits one of it in a dialog: what it knows and does.
// DescribedList.svelte draws it; each page has the columns and the fields of its kind.
import type { Fault } from '../api/types.ts';
import { faultsByField, saidByFields } from '../kit/forms.ts';
import { done, failed } from '../shell/toasts.svelte.ts';
import { all, takeBack, usesIn, type Kind } from './model.ts';

export interface Opened { isNew: boolean; removable: boolean }

export class DescribedList<Row> {
  list = $state.raw<Row[] | null>(null);
  failure = $state.raw<unknown>(null); // of loading
  open = $state.raw<Opened | null>(null);
  asked = $state.raw<{ uses: Fault[]; link: string; again: () => void } | null>(null); // what products hold of it
  busy = $state(false);
  faults = $state<Record<string, string>>({}); // by field, of saving
  readonly kind: Kind;
  readonly say: (key: 'saved' | 'removed' | 'remove') => string;

  constructor(kind: Kind, say: (key: 'saved' | 'removed' | 'remove') => string) {
    this.kind = kind;
    this.say = say;
    void this.load();
  }
  load = async (): Promise<void> => {
    try {
      this.list = await all<Row>(this.kind);
      this.failure = null;
    } catch (reason) {
      this.failure = reason;
    }
  };
  // `fill` reads what the dialog's fields hold, and sets them.
  async show(opened: Opened, fill: () => void | Promise<void>): Promise<void> {
    this.faults = {};
    try {
      await fill();
      this.open = opened;
    } catch (reason) {
      failed(reason);
    }
  }
  // `fields`: whose faults the dialog shows beside them; other faults are told.
  async save(send: () => Promise<unknown>, fields: (faults: Record<string, string>) => string[]): Promise<void> {
    this.busy = true;
    this.faults = {};
    try {
      await send();
      await this.#ended('saved');
    } catch (reason) {
      this.faults = faultsByField(reason);
      if (!saidByFields(reason, fields(this.faults))) failed(reason);
    } finally {
      this.busy = false;
    }
  }
  async remove(code: string, force = false): Promise<void> {
    this.asked = null;
    try {
      await takeBack(this.kind, code, force);
      await this.#ended('removed');
    } catch (reason) {
      // What a unit stands for does not go while products hold it, whoever asks.
      const uses = this.kind === 'measurement-family' ? [] : usesIn(reason);
      if (uses.length) this.asked = { uses, link: `/products?${this.kind}=${encodeURIComponent(code)}`, again: () => void this.remove(code, true) };
      else failed(reason);
    }
  }
  async #ended(how: 'saved' | 'removed'): Promise<void> {
    done(this.say(how));
    this.open = null;
    await this.load();
  }
}
