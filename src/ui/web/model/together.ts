// Two people at once in a form that is saved whole: what only one of them changed is kept, what both made different
// things of is a conflict. Four views of the same: what the form held when it was opened, what it holds now, and what
// the appliance had then and has now; the form's may be written another way (a number as its text).
import type { Json } from '../api/types.ts';

type Part = Json | undefined;
type Coded = { code: string } & Record<string, Json>;
export interface Parted { path: string[]; mine: Json; theirs: Json }

const same = (one: Part, other: Part): boolean => JSON.stringify(one) === JSON.stringify(other);
const isObject = (part: Part): part is Record<string, Json> => part !== null && typeof part === 'object' && !Array.isArray(part);
const isCoded = (part: Part): part is Coded[] => Array.isArray(part) && part.every((one) => isObject(one) && typeof one['code'] === 'string');
const byCode = (list: Coded[]): Record<string, Json> => Object.fromEntries(list.map((one) => [one.code, one]));

// `theirs`: paths of conflicts, as JSON, of which the other's stays.
export function putTogether(opened: Json, mine: Json, read: Json, now: Json, theirs: string[] = []): { whole: Json; parted: Parted[] } {
  const parted: Parted[] = [];
  const at = (path: string[], opened: Part, mine: Part, read: Part, now: Part): Part => {
    if (same(opened, mine)) return now;
    if (same(read, now) || same(mine, now)) return mine;
    if ([mine, read, now].every(isObject)) {
      const [was, has, had, is] = [isObject(opened) ? opened : {}, mine, read, now] as Record<string, Json>[];
      const names = [...new Set([...Object.keys(is ?? {}), ...Object.keys(has ?? {})])];
      return Object.fromEntries(names.flatMap((name) => {
        const part = at([...path, name], was?.[name], has?.[name], had?.[name], is?.[name]);
        return part === undefined ? [] : [[name, part] as const];
      }));
    }
    if (isCoded(mine) && isCoded(read) && isCoded(now) && mine.length + now.length > 0) {
      const whole = at(path, isCoded(opened) ? byCode(opened) : {}, byCode(mine), byCode(read), byCode(now)) as Record<string, Json>;
      const order = [...new Set([...mine, ...now].map((one) => one.code))];
      return order.flatMap((code) => (whole[code] === undefined ? [] : [whole[code]]));
    }
    if (theirs.includes(JSON.stringify(path))) return now;
    parted.push({ path, mine: mine ?? null, theirs: now ?? null });
    return mine;
  };
  return { whole: at([], opened, mine, read, now) ?? null, parted };
}

// Conversions lead to the family's standard unit: who chose another while somebody else changed conversions has made the
// other's mean something else, though they are different parts of the form.
export function standardMoved(opened: Json, mine: Json, read: Json, now: Json): boolean {
  const of = (form: Json): { standard: Part; steps: string } => {
    const { standard_unit, units } = isObject(form) ? form : {};
    return { standard: standard_unit, steps: JSON.stringify(isCoded(units) ? units.map((unit) => [unit.code, unit['to_standard'] ?? []]) : []) };
  };
  const [was, has, had, is] = [of(opened), of(mine), of(read), of(now)];
  return (had.standard !== is.standard && was.steps !== has.steps) || (was.standard !== has.standard && had.steps !== is.steps);
}
