// The words of the page of the audit log.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    action: 'Action', details: 'Details', object: 'What', from: 'From', to: 'Until', search: 'Search', text: 'Text', reset: 'Show all',
    intro: 'Every change and every look at buyers’ data, in a chain that shows when an entry was altered or removed.',
    verify: 'Check the chain', whole: { one: '{count} entry, chain whole', other: '{count} entries, chain whole' },
    action_hint: 'order.ship, or order for all that begins so', object_hint: 'order:1000123, or order for all', none: 'No entry fits.',
    keep: 'Keep entries', keep_hint: 'Older entries are dropped within a day, up to a signed place, so that the chain still holds.', for_ever: 'For ever', days: '{count} days', months: '13 months', years: '{count} years',
    dropped: 'The first {count} were old enough and are gone.', signed: 'Last signed {time}.', never: 'Not signed yet.',
    failing: 'No checkpoint could be signed since {time}: {why}',
  },
  nl: {
    action: 'Actie', details: 'Details', object: 'Wat', from: 'Vanaf', to: 'Tot', search: 'Zoeken', text: 'Tekst', reset: 'Alles tonen',
    intro: 'Elke wijziging en elke blik op gegevens van kopers, in een keten die laat zien of er iets is veranderd of weggehaald.',
    verify: 'Keten controleren', whole: { one: '{count} vermelding, keten intact', other: '{count} vermeldingen, keten intact' },
    action_hint: 'order.ship, of order voor alles wat zo begint', object_hint: 'order:1000123, of order voor alle', none: 'Geen vermelding past.',
    keep: 'Vermeldingen bewaren', keep_hint: 'Oudere vermeldingen verdwijnen binnen een dag, tot een ondertekende plek, zodat de keten blijft kloppen.', for_ever: 'Voor altijd', days: '{count} dagen', months: '13 maanden', years: '{count} jaar',
    dropped: 'De eerste {count} waren oud genoeg en zijn weg.', signed: 'Laatst ondertekend {time}.', never: 'Nog niet ondertekend.',
    failing: 'Sinds {time} kon geen controlepunt worden ondertekend: {why}',
  },
  de: {
    action: 'Aktion', details: 'Details', object: 'Was', from: 'Von', to: 'Bis', search: 'Suchen', text: 'Text', reset: 'Alle zeigen',
    intro: 'Jede Änderung und jeder Blick auf Käuferdaten, in einer Kette, die zeigt, ob ein Eintrag verändert oder entfernt wurde.',
    verify: 'Kette prüfen', whole: { one: '{count} Eintrag, Kette intakt', other: '{count} Einträge, Kette intakt' },
    action_hint: 'order.ship, oder order für alles, was so beginnt', object_hint: 'order:1000123, oder order für alle', none: 'Kein Eintrag passt.',
    keep: 'Einträge aufbewahren', keep_hint: 'Ältere Einträge gehen innerhalb eines Tages, bis zu einer signierten Stelle, sodass die Kette weiter hält.', for_ever: 'Für immer', days: '{count} Tage', months: '13 Monate', years: '{count} Jahre',
    dropped: 'Die ersten {count} waren alt genug und sind fort.', signed: 'Zuletzt signiert {time}.', never: 'Noch nicht signiert.',
    failing: 'Seit {time} konnte kein Kontrollpunkt signiert werden: {why}',
  },
  fr: {
    action: 'Action', details: 'Détails', object: 'Quoi', from: 'Du', to: 'Au', search: 'Chercher', text: 'Texte', reset: 'Tout montrer',
    intro: 'Chaque modification et chaque regard sur les données des acheteurs, dans une chaîne qui montre si une entrée a été altérée ou retirée.',
    verify: 'Vérifier la chaîne', whole: { one: '{count} entrée, chaîne intacte', other: '{count} entrées, chaîne intacte' },
    action_hint: 'order.ship, ou order pour tout ce qui commence ainsi', object_hint: 'order:1000123, ou order pour toutes', none: 'Aucune entrée ne convient.',
    keep: 'Conserver les entrées', keep_hint: 'Les entrées plus anciennes disparaissent dans la journée, jusqu’à un endroit signé, pour que la chaîne tienne toujours.', for_ever: 'Pour toujours', days: '{count} jours', months: '13 mois', years: '{count} ans',
    dropped: 'Les {count} premières étaient assez anciennes et ont disparu.', signed: 'Dernière signature : {time}.', never: 'Pas encore signé.',
    failing: 'Depuis {time}, aucun point de contrôle n’a pu être signé : {why}',
  },
});
