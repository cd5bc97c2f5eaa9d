// The words of a product's variants.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const vw = wordsOf({
  en: {
    variant: 'Variant', view: 'View', list: 'List', cross: '{rows} by {columns}: {value}', missing: { one: 'Show the combination that is not there yet', other: 'Show the {count} combinations that are not there yet' }, not_there: 'not there yet',
    add: 'Add variants', add_count: { one: 'Add {count} variant', other: 'Add {count} variants' }, add_this: 'Add {name}', added: { one: '{count} variant added.', other: '{count} variants added.' }, edit: 'Edit…',
    choose: 'Choose what the new variants are made of. Every combination that is not there yet becomes one.', lines: 'One a line.', find: 'Find', sku_of: 'SKU of {name}', leave_out: 'Leave {name} out',
    none: 'Every combination of these is there.', nothing_chosen: 'Choose a value of each.', most: 'These are the first {count} of {all}; the others follow when these are there.',
    first: 'Shown are {count} of {all} variants.', all: 'All of them in the list', empty: 'No variants yet', empty_text: 'Choose what they differ in, and they are made in one go.',
  },
  nl: {
    variant: 'Variant', view: 'Weergave', list: 'Lijst', cross: '{rows} bij {columns}: {value}', missing: { one: 'Toon de combinatie die er nog niet is', other: 'Toon de {count} combinaties die er nog niet zijn' }, not_there: 'is er nog niet',
    add: 'Varianten toevoegen', add_count: { one: '{count} variant toevoegen', other: '{count} varianten toevoegen' }, add_this: '{name} toevoegen', added: { one: '{count} variant toegevoegd.', other: '{count} varianten toegevoegd.' }, edit: 'Bewerken…',
    choose: 'Kies waaruit de nieuwe varianten bestaan. Elke combinatie die er nog niet is, wordt er een.', lines: 'Eén per regel.', find: 'Zoeken', sku_of: 'SKU van {name}', leave_out: '{name} weglaten',
    none: 'Elke combinatie hiervan is er al.', nothing_chosen: 'Kies van elk een waarde.', most: 'Dit zijn de eerste {count} van {all}; de rest volgt als deze er zijn.',
    first: 'Getoond worden {count} van {all} varianten.', all: 'Allemaal in de lijst', empty: 'Nog geen varianten', empty_text: 'Kies waarin ze verschillen, en ze worden in één keer gemaakt.',
  },
  de: {
    variant: 'Variante', view: 'Ansicht', list: 'Liste', cross: '{rows} mal {columns}: {value}', missing: { one: 'Die Kombination zeigen, die es noch nicht gibt', other: 'Die {count} Kombinationen zeigen, die es noch nicht gibt' }, not_there: 'gibt es noch nicht',
    add: 'Varianten hinzufügen', add_count: { one: '{count} Variante hinzufügen', other: '{count} Varianten hinzufügen' }, add_this: '{name} hinzufügen', added: { one: '{count} Variante hinzugefügt.', other: '{count} Varianten hinzugefügt.' }, edit: 'Bearbeiten…',
    choose: 'Wählen Sie, woraus die neuen Varianten bestehen. Aus jeder Kombination, die es noch nicht gibt, wird eine.', lines: 'Eine je Zeile.', find: 'Suchen', sku_of: 'SKU von {name}', leave_out: '{name} weglassen',
    none: 'Alle Kombinationen davon gibt es schon.', nothing_chosen: 'Wählen Sie von jedem einen Wert.', most: 'Das sind die ersten {count} von {all}; die übrigen folgen, wenn es diese gibt.',
    first: 'Angezeigt werden {count} von {all} Varianten.', all: 'Alle in der Liste', empty: 'Noch keine Varianten', empty_text: 'Wählen Sie, worin sie sich unterscheiden, und sie entstehen in einem Zug.',
  },
  fr: {
    variant: 'Variante', view: 'Affichage', list: 'Liste', cross: '{rows} par {columns} : {value}', missing: { one: 'Afficher la combinaison qui n’existe pas encore', other: 'Afficher les {count} combinaisons qui n’existent pas encore' }, not_there: 'n’existe pas encore',
    add: 'Ajouter des variantes', add_count: { one: 'Ajouter {count} variante', other: 'Ajouter {count} variantes' }, add_this: 'Ajouter {name}', added: { one: '{count} variante ajoutée.', other: '{count} variantes ajoutées.' }, edit: 'Modifier…',
    choose: 'Choisissez de quoi sont faites les nouvelles variantes. Chaque combinaison qui n’existe pas encore en devient une.', lines: 'Une par ligne.', find: 'Chercher', sku_of: 'SKU de {name}', leave_out: 'Laisser {name} de côté',
    none: 'Toutes leurs combinaisons existent déjà.', nothing_chosen: 'Choisissez une valeur de chacun.', most: 'Voici les {count} premières sur {all} ; les autres suivront quand celles-ci existeront.',
    first: '{count} variantes sur {all} sont affichées.', all: 'Toutes dans la liste', empty: 'Pas encore de variantes', empty_text: 'Choisissez en quoi elles diffèrent, et elles sont créées en une fois.',
  },
});
