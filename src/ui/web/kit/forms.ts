// The faults of a refused request by the field they name.
import { ApiError } from '../api/client.ts';

export function faultsByField(failure: unknown): Record<string, string> {
  const out: Record<string, string> = {};
  if (failure instanceof ApiError) for (const fault of failure.faults) out[fault.field] ??= fault.message;
  return out;
}
// What is said of a part of the form: of actions[2] and all below it.
export const faultsAt = (faults: Record<string, string>, part: string): string => Object.entries(faults).filter(([field]) => field === part || field.startsWith(part + '.') || field.startsWith(part + '[')).map(([, message]) => message).join(' ');
// The same, of what was typed there, and of the part without that.
const kTyped = /\.(value|formula)(\[\d+\])?$/;
export const typedFaultsAt = (faults: Record<string, string>, part: string): string => [faultsAt(faults, part + '.value'), faultsAt(faults, part + '.formula')].filter(Boolean).join(' ');
export const otherFaultsAt = (faults: Record<string, string>, part: string): string => faultsAt(Object.fromEntries(Object.entries(faults).filter(([field]) => !kTyped.test(field))), part);
// True when every fault of the failure stands beside a field, so that it need not be said twice.
export function saidByFields(failure: unknown, fields: readonly string[]): boolean {
  return failure instanceof ApiError && failure.faults.length > 0 && failure.faults.every((fault) => fields.includes(fault.field));
}
// What people type for an amount, as the API wants it: "12,5" is 12.5, "1.234,50" and "1,234.50" are 1234.50. One
// separator alone is always the decimal one; null when it is no number, or one whose groups make no sense.
export function parseDecimal(text: string): string | null {
  const plain = text.trim().replace(/[\s\u00a0\u202f'’]/g, '');
  const [, sign = '', digits = ''] = /^(-?)(.*)$/.exec(plain) ?? [];
  const grouped = /^(\d{1,3}(?:\.\d{3})+),(\d+)$/.exec(digits) ?? /^(\d{1,3}(?:,\d{3})+)\.(\d+)$/.exec(digits) ?? /^(\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,})()$/.exec(digits);
  const simple = /^(\d*)[.,](\d+)$/.exec(digits) ?? /^(\d+)()$/.exec(digits);
  const [, whole, fraction] = grouped ?? simple ?? [];
  if (whole === undefined || fraction === undefined) return null;
  return sign + (whole.replace(/[.,]/g, '') || '0') + (fraction ? '.' + fraction : '');
}
