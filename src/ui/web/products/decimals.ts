// Numbers as they stand in a field to be typed over: with the decimal sign of the person's language, and nothing between
// thousands. parseDecimal() reads them again.
import { region } from '../i18n/i18n.svelte.ts';

export const decimalSign = (): string => new Intl.NumberFormat(region()).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.';
export const decimalText = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value).replace('.', decimalSign()));
