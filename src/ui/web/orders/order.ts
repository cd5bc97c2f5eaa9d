// Words and colours of orders.
import type { BatchStatus, OrderStatus, OrderSummary, ReturnStatus } from '../api/types.ts';
import type { Tone } from '../kit/tone.ts';

export const statuses: OrderStatus[] = ['open', 'partially_shipped', 'awaiting_payment', 'shipped', 'cancelled'];
export function toneOf(status: OrderStatus): Tone {
  switch (status) {
    case 'open': return 'accent';
    case 'partially_shipped': return 'warn';
    case 'awaiting_payment': return 'calm';
    case 'shipped': return 'ok';
    case 'cancelled': return 'bad';
  }
}
export const isLate = (order: OrderSummary): boolean =>
  order.ship_by !== null && Date.parse(order.ship_by) < Date.now() && (order.status === 'open' || order.status === 'partially_shipped');
// The carriers that sellers here use most (productflow.md 2.7); any other name may be typed.
export const carriers = ['PostNL', 'DHL', 'DPD', 'GLS', 'UPS', 'Briefpost'];
// The one that was sent with last, on this machine.
const kLastCarrier = 'orders.last-carrier';
export const lastCarrier = (): string => localStorage.getItem(kLastCarrier) ?? '';
export const rememberCarrier = (name: string): void => localStorage.setItem(kLastCarrier, name);
export const batchTone = (status: BatchStatus): Tone => (status === 'open' ? 'accent' : status === 'picked' ? 'ok' : 'calm');
export const returnStatuses: ReturnStatus[] = ['requested', 'approved', 'received', 'refused', 'closed'];
export function returnTone(status: ReturnStatus): Tone {
  switch (status) {
    case 'requested': return 'accent';
    case 'approved': return 'calm';
    case 'received': return 'warn';
    case 'refused': return 'bad';
    case 'closed': return 'ok';
  }
}
