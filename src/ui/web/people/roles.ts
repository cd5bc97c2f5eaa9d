import type { Limits, Role } from '../api/types.ts';
import { named } from '../i18n/i18n.svelte.ts';

// A built-in role has a name in the person's language, an own one as its maker wrote it.
export const roleName = (name: string, roles: Role[] = []): string => roles.find((one) => one.name === name)?.title || named('role', name);
export const limitKinds = ['channels', 'categories', 'locales', 'personal'] as const;
export const noLimits = (): Limits => ({ channels: [], categories: [], locales: [], personal: [] });
// Typed as a list with commas.
export const listOf = (text: string): string[] => text.split(',').map((one) => one.trim()).filter(Boolean);
