// The words of making the search index anew.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    title: 'Search index', text: 'Lists, filters and searches are read from an index that every change keeps up to date. Rebuilding makes one anew from the products and orders, compares the two and mends the one in use; the shop goes on meanwhile. It is needed only if something is not found that is there.',
    rebuild: 'Rebuild', right: 'The index is right', mended: { one: 'One place of the index was mended', other: '{count} places of the index were mended' }, looked_at: '{documents} products and orders looked at',
  },
  nl: {
    title: 'Zoekindex', text: 'Lijsten, filters en zoekopdrachten komen uit een index die elke wijziging bijhoudt. Opnieuw opbouwen maakt er een nieuwe van de producten en bestellingen, vergelijkt de twee en herstelt die in gebruik is; de winkel gaat intussen door. Het is alleen nodig als iets niet wordt gevonden dat er is.',
    rebuild: 'Opnieuw opbouwen', right: 'De index klopt', mended: { one: 'Eén plek in de index is hersteld', other: '{count} plekken in de index zijn hersteld' }, looked_at: '{documents} producten en bestellingen bekeken',
  },
  de: {
    title: 'Suchindex', text: 'Listen, Filter und Suchen kommen aus einem Index, den jede Änderung mitführt. Neu aufbauen macht aus den Produkten und Bestellungen einen neuen, vergleicht beide und berichtigt den, der in Gebrauch ist; der Laden läuft dabei weiter. Nötig ist es nur, wenn etwas nicht gefunden wird, das da ist.',
    rebuild: 'Neu aufbauen', right: 'Der Index stimmt', mended: { one: 'Eine Stelle des Index wurde berichtigt', other: '{count} Stellen des Index wurden berichtigt' }, looked_at: '{documents} Produkte und Bestellungen angesehen',
  },
  fr: {
    title: 'Index de recherche', text: 'Les listes, les filtres et les recherches viennent d’un index que chaque changement tient à jour. Le reconstruire en fait un nouveau à partir des produits et des commandes, compare les deux et corrige celui qui sert ; la boutique continue pendant ce temps. Ce n’est utile que si quelque chose d’existant n’est pas trouvé.',
    rebuild: 'Reconstruire', right: 'L’index est juste', mended: { one: 'Un endroit de l’index a été corrigé', other: '{count} endroits de l’index ont été corrigés' }, looked_at: '{documents} produits et commandes vus',
  },
});
