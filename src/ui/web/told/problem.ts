// A refusal of the appliance in the person's language, field by field. A fault that the pages read by its words is of a
// code that no row of the table has.
import type { Problem } from '../api/types.ts';
import { language } from '../i18n/i18n.svelte.ts';
import { inLanguage } from './say.ts';

export function said(problem: Problem): Problem {
  const to = language();
  return {
    ...problem,
    ...(problem.detail === undefined ? {} : { detail: inLanguage(problem.detail, to) }),
    ...(problem.errors ? { errors: problem.errors.map((fault) => ({ ...fault, message: inLanguage(fault.message, to) })) } : {}),
  };
}
