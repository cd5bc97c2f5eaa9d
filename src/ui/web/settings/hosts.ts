// Hosts that the shop may connect to: what a person says of one that it does not know yet.
import { change } from '../api/client.ts';

export interface Permit { allow: boolean; own: boolean; authority: string } // own: in the shop's own network
export const freshPermit = (): Permit => ({ allow: false, own: false, authority: '' });
export const permitBody = (permit: Permit): { private_network: boolean; authority?: string } =>
  ({ private_network: permit.own, ...(permit.authority.trim() && { authority: permit.authority.trim() + '\n' }) });
export const allowHost = (host: string, permit: Permit): Promise<unknown> => change('PUT', 'webhook-host/' + encodeURIComponent(host), permitBody(permit));

// Of an address that begins with https://, else nothing.
export function hostOf(url: string): string {
  try {
    const parsed = new URL(url.trim());
    return parsed.protocol === 'https:' ? parsed.host : '';
  } catch {
    return '';
  }
}
