// "Firefox · Linux" of a User-Agent, as far as it tells; the text itself where it does not.
const kBrowsers: [RegExp, string][] = [[/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrom(e|ium)\//, 'Chrome'], [/Safari\//, 'Safari'], [/curl\//, 'curl']];
const kSystems: [RegExp, string][] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']];
export function browserName(agent: string): string {
  const name = (list: [RegExp, string][]): string => list.find(([sign]) => sign.test(agent))?.[1] ?? '';
  return [name(kBrowsers), name(kSystems)].filter(Boolean).join(' · ') || agent.slice(0, 60) || '?';
}
