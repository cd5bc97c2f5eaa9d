// Hosts that the shop may connect to: what a person says of one that it does not know yet.
import { change, get } from '../api/client.ts';
import type { List, WebhookHost } from '../api/types.ts';

export interface Permit { allow: boolean; own: boolean; authority: string } // own: in the shop's own network
export const freshPermit = (): Permit => ({ allow: false, own: false, authority: '' });
export const permitBody = (permit: Permit): { private_network: boolean; authority?: string } =>
  ({ private_network: permit.own, ...(permit.authority.trim() && { authority: permit.authority.trim() + '\n' }) });
// Whether it was not allowed before: what is said of one that is stays as it is.
export async function allowHost(host: string, permit: Permit): Promise<boolean> {
  const known = await get<List<WebhookHost>>('webhook-host');
  if (known.data.some((one) => one.host === host.toLowerCase())) return false;
  await change('PUT', 'webhook-host/' + encodeURIComponent(host), permitBody(permit));
  return true;
}
export const forbidHost = (host: string): Promise<unknown> => change('DELETE', 'webhook-host/' + encodeURIComponent(host));

// Of an address that begins with https://, else nothing.
export function hostOf(url: string): string {
  try {
    const parsed = new URL(url.trim());
    return parsed.protocol === 'https:' ? parsed.host : '';
  } catch {
    return '';
  }
}
