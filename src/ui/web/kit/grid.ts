// What a grid shows and how it asks for rows. A column names its data; a snippet of the page draws cells that are more
// than text.
import type { Component } from 'svelte';
import type { List } from '../api/types.ts';

// A field in a cell that is more than a line of text. It takes the focus, tells every key, and when it is left.
export interface EditorProps { label: string; text: string; of: unknown; busy: boolean; describedby: string | undefined; key: (event: KeyboardEvent) => void; leave: () => void }
export interface Edit<Row> {
  value: (row: Row) => string;
  can?: (row: Row) => boolean; // false: what this row holds fits no cell
  save: (row: Row, text: string) => Promise<Row>; // the row as it is now; throws an ApiError or an Error with words
  inputmode?: 'text' | 'decimal' | 'numeric';
  editor?: Component<EditorProps, object, 'text'>;
  of?: unknown; // what the editor is told besides
}
// A value that a row shows and has from another, and the words that say from which.
export interface FromElsewhere { text: string; title: string }
export interface Column<Row> {
  key: string;
  label: string;
  width: number; // px; the column marked `grow` takes what is left
  grow?: boolean;
  pinned?: boolean; // the first one: stays in sight while the others go sideways, where there is room
  align?: 'end';
  sort?: string; // the list's name for it
  text?: (row: Row) => string; // what is drawn when the page draws nothing itself
  from?: (row: Row) => FromElsewhere | null; // what is drawn, as not the row's own, where that is nothing
  value?: (row: Row) => unknown; // for a page that draws it
  edit?: Edit<Row>;
  opens?: boolean; // a double click opens the row's page where the cell cannot be edited
}
export interface Block { page: number; cursor: string | null; perPage: number; signal: AbortSignal }
export type Load<Row> = (block: Block) => Promise<List<Row>>;

export const kBlockRows = 100; // of one request: a few screens
// A browser's scroll area ends near 33 million pixels; who has more rows than this looks for them by search and filters.
export const kScrollRowsMax = 600_000;

export function nextSort(current: string, column: string): string {
  return current === column ? `-${column}` : current === `-${column}` ? '' : column;
}
