// The faults of a refused request by the field they name.
import { ApiError } from '../api/client.ts';

export function faultsByField(failure: unknown): Record<string, string> {
  const out: Record<string, string> = {};
  if (failure instanceof ApiError) for (const fault of failure.faults) out[fault.field] ??= fault.message;
  return out;
}
// True when every fault of the failure stands beside a field, so that it need not be said twice.
export function saidByFields(failure: unknown, fields: readonly string[]): boolean {
  return failure instanceof ApiError && failure.faults.length > 0 && failure.faults.every((fault) => fields.includes(fault.field));
}
// "1.234,5" and "1,234.5" and "12.5": what people type for 1234.5 and 12.5; null when it is no number.
export function parseDecimal(text: string): string | null {
  const plain = text.trim().replace(/[\s\u00a0']/g, '');
  if (plain === '') return null;
  const last = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
  const whole = last < 0 ? plain : plain.slice(0, last), fraction = last < 0 ? '' : plain.slice(last + 1);
  // One separator with exactly three digits after it, and nothing else, groups thousands only when it stands repeatedly.
  const digits = whole.replace(/[.,]/g, '');
  if (!/^-?\d+$/.test(digits || '0') || !/^\d*$/.test(fraction)) return null;
  return (digits || '0') + (fraction ? '.' + fraction : '');
}
