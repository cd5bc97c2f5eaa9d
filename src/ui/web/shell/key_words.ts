// The words of the keyboard's page, beside it, since the first page need not carry them.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const kw = wordsOf({
  en: { ends: 'First and last column, with Ctrl first and last row', enter: 'Edit the cell, or open the row', escape: 'Leave the cell as it was', everywhere: 'Everywhere', head: 'Above the first row: sort by the column, select all', in_lists: 'In lists', search: 'Search this list', space: 'Select the row', walk: 'Walk from cell to cell' },
  nl: { ends: 'Eerste en laatste kolom, met Ctrl eerste en laatste rij', enter: 'Cel bewerken of rij openen', escape: 'Cel laten zoals hij was', everywhere: 'Overal', head: 'Boven de eerste rij: op de kolom sorteren, alles selecteren', in_lists: 'In lijsten', search: 'Zoeken in deze lijst', space: 'Rij selecteren', walk: 'Van cel naar cel' },
  de: { ends: 'Erste und letzte Spalte, mit Strg erste und letzte Zeile', enter: 'Zelle bearbeiten oder Zeile öffnen', escape: 'Zelle unverändert lassen', everywhere: 'Überall', head: 'Über der ersten Zeile: nach der Spalte sortieren, alle auswählen', in_lists: 'In Listen', search: 'Diese Liste durchsuchen', space: 'Zeile auswählen', walk: 'Von Zelle zu Zelle' },
  fr: { ends: 'Première et dernière colonne, avec Ctrl première et dernière ligne', enter: 'Modifier la cellule ou ouvrir la ligne', escape: 'Laisser la cellule telle quelle', everywhere: 'Partout', head: 'Au-dessus de la première ligne : trier par la colonne, tout sélectionner', in_lists: 'Dans les listes', search: 'Chercher dans cette liste', space: 'Sélectionner la ligne', walk: 'Aller de cellule en cellule' },
});
