// The words of kits: products that are made of others.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: { can_make: { one: '{count} can be made', other: '{count} can be made' }, scarcest: 'The scarcest part is {sku}.', no_own: 'It has no stock of its own: how many there are follows from its parts.', part_of: 'Part of the kits', part_of_line: 'of {name}' },
  nl: { can_make: { one: 'Er kan er {count} worden gemaakt', other: 'Er kunnen er {count} worden gemaakt' }, scarcest: 'Het schaarste deel is {sku}.', no_own: 'Een set heeft geen eigen voorraad: hoeveel er zijn, volgt uit de delen.', part_of: 'Deel van de sets', part_of_line: 'van {name}' },
  de: { can_make: { one: '{count} kann hergestellt werden', other: '{count} können hergestellt werden' }, scarcest: 'Das knappste Teil ist {sku}.', no_own: 'Ein Set hat keinen eigenen Bestand: Wie viele es gibt, folgt aus den Teilen.', part_of: 'Teil der Sets', part_of_line: 'von {name}' },
  fr: { can_make: { one: '{count} peut être composé', other: '{count} peuvent être composés' }, scarcest: 'La partie la plus rare est {sku}.', no_own: 'Un lot n’a pas de stock propre : son nombre découle de ses parties.', part_of: 'Partie des lots', part_of_line: 'de {name}' },
});
