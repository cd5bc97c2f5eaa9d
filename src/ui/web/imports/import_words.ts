// Words that only the import page has.
import { t, wordsOf } from '../i18n/i18n.svelte.ts';
import { systemName } from '../told/systems.ts';
import { told } from '../told/told.svelte.ts';

export const i = wordsOf({
  en: {
    formula_hint: 'A name that is no field becomes an attribute; name@nl-NL makes it one of a language. Formulas: value is the cell, [Column] another one; * + & if() round() lookup() replace() split() upper() and more.', understood: 'CSV of any separator and encoding, Excel (.xlsx), XML, JSON and NDJSON: products of WooCommerce, Akeneo and Google, orders of Amazon, Shopify and WooCommerce, and plain tables with a sku column.', was_dry: 'This was a dry run: nothing has been changed. Import the file again without it to make it so.', too_large_to_look: 'This file is packed and above 16 MiB, so it is not looked at here. Try it first: that says what would happen, row by row.', none_text: 'Files that you import are listed here with a report of every row.', own_columns: { one: 'Its {count} column is understood as it is.', other: 'Its {count} columns are understood as they are.' }, map_anyway: 'Say what the columns mean', no_changes: 'Only stock would change.',
    records: 'The file holds several kinds of things. Which are the rows?', count: { one: '{count} time', other: '{count} times' },
    use: 'A saved mapping', use_none: 'None', keep: 'Save this mapping under a name, for schedules and the next file', keep_it: 'Save the mapping', kept: 'The mapping {name} is saved.', waits: 'The vault is sealed. The import goes on by itself when somebody unseals it.', unseal: 'To the vault',
    same: 'The same file as in import {id}, and nothing has changed since: it did not have to be read again.', same_see: 'See that import',
    paste: 'Paste a table', pasted: 'What was copied', paste_hint: 'From a spreadsheet, with its first line of names; or CSV, JSON or XML.', look: 'Look at it', file_instead: 'Choose a file instead', download: 'Download the refused', refused_name: 'refused',
  },
  nl: {
    formula_hint: 'Een naam die geen veld is, wordt een kenmerk; naam@nl-NL maakt er een van één taal van. Formules: value is de cel, [Kolom] een andere; * + & if() round() lookup() replace() split() upper() en meer.', understood: 'CSV met elk scheidingsteken en elke codering, Excel (.xlsx), XML, JSON en NDJSON: producten van WooCommerce, Akeneo en Google, bestellingen van Amazon, Shopify en WooCommerce, en gewone tabellen met een kolom sku.', was_dry: 'Dit was een proefrun: er is niets gewijzigd. Importeer het bestand opnieuw zonder proefrun om het echt te doen.', too_large_to_look: 'Dit bestand is ingepakt en groter dan 16 MiB en wordt hier dus niet bekeken. Probeer het eerst: dat zegt per rij wat er zou gebeuren.', none_text: 'Bestanden die je importeert, staan hier met een verslag van elke rij.', own_columns: { one: 'De {count} kolom wordt begrepen zoals hij is.', other: 'De {count} kolommen worden begrepen zoals ze zijn.' }, map_anyway: 'Zelf zeggen wat de kolommen betekenen', no_changes: 'Alleen de voorraad zou wijzigen.',
    records: 'Het bestand bevat meerdere soorten dingen. Welke zijn de rijen?', count: { one: '{count} keer', other: '{count} keer' },
    use: 'Een opgeslagen koppeling', use_none: 'Geen', keep: 'Deze koppeling onder een naam opslaan, voor schema’s en het volgende bestand', keep_it: 'Koppeling opslaan', kept: 'De koppeling {name} is opgeslagen.', waits: 'De kluis is verzegeld. De import gaat vanzelf verder als iemand hem opent.', unseal: 'Naar de kluis',
    same: 'Hetzelfde bestand als bij import {id}, en sindsdien is niets veranderd: het hoefde niet opnieuw gelezen te worden.', same_see: 'Die import bekijken',
    paste: 'Een tabel plakken', pasted: 'Wat gekopieerd is', paste_hint: 'Uit een rekenblad, met de eerste regel namen; of CSV, JSON of XML.', look: 'Bekijken', file_instead: 'In plaats daarvan een bestand kiezen', download: 'Geweigerde downloaden', refused_name: 'geweigerd',
  },
  de: {
    formula_hint: 'Ein Name, der kein Feld ist, wird zum Merkmal; Name@nl-NL gilt für eine Sprache. Formeln: value ist die Zelle, [Spalte] eine andere; * + & if() round() lookup() replace() split() upper() und mehr.', understood: 'CSV mit beliebigem Trennzeichen und beliebiger Kodierung, Excel (.xlsx), XML, JSON und NDJSON: Produkte von WooCommerce, Akeneo und Google, Bestellungen von Amazon, Shopify und WooCommerce sowie einfache Tabellen mit einer Spalte sku.', was_dry: 'Das war ein Probelauf: Es wurde nichts geändert. Importieren Sie die Datei noch einmal ohne Probelauf, damit es wirklich geschieht.', too_large_to_look: 'Diese Datei ist gepackt und größer als 16 MiB und wird hier nicht angesehen. Probieren Sie sie erst: Das sagt Zeile für Zeile, was geschehen würde.', none_text: 'Dateien, die Sie importieren, erscheinen hier mit einem Bericht zu jeder Zeile.', own_columns: { one: 'Ihre {count} Spalte wird verstanden, wie sie ist.', other: 'Ihre {count} Spalten werden verstanden, wie sie sind.' }, map_anyway: 'Selbst sagen, was die Spalten bedeuten', no_changes: 'Nur der Bestand würde sich ändern.',
    records: 'Die Datei enthält mehrere Arten von Dingen. Welche sind die Zeilen?', count: { one: '{count}-mal', other: '{count}-mal' },
    use: 'Eine gespeicherte Zuordnung', use_none: 'Keine', keep: 'Diese Zuordnung unter einem Namen speichern, für Zeitpläne und die nächste Datei', keep_it: 'Zuordnung speichern', kept: 'Die Zuordnung {name} ist gespeichert.', waits: 'Der Tresor ist versiegelt. Der Import geht von selbst weiter, wenn ihn jemand entsiegelt.', unseal: 'Zum Tresor',
    same: 'Dieselbe Datei wie bei Import {id}, und seitdem hat sich nichts geändert: Sie musste nicht noch einmal gelesen werden.', same_see: 'Diesen Import ansehen',
    paste: 'Eine Tabelle einfügen', pasted: 'Was kopiert wurde', paste_hint: 'Aus einer Tabellenkalkulation, mit der ersten Zeile der Namen; oder CSV, JSON oder XML.', look: 'Ansehen', file_instead: 'Stattdessen eine Datei wählen', download: 'Abgelehnte herunterladen', refused_name: 'abgelehnt',
  },
  fr: {
    formula_hint: 'Un nom qui n’est pas un champ devient un attribut ; nom@nl-NL vaut pour une langue. Formules : value est la cellule, [Colonne] une autre ; * + & if() round() lookup() replace() split() upper() et d’autres.', understood: 'CSV de tout séparateur et de tout encodage, Excel (.xlsx), XML, JSON et NDJSON : produits de WooCommerce, d’Akeneo et de Google, commandes d’Amazon, de Shopify et de WooCommerce, et simples tableaux avec une colonne sku.', was_dry: 'C’était un essai à blanc : rien n’a été modifié. Importez de nouveau le fichier sans cette option pour le faire vraiment.', too_large_to_look: 'Ce fichier est compressé et dépasse 16 Mio ; il n’est pas examiné ici. Essayez-le d’abord : cela dit, ligne par ligne, ce qui se passerait.', none_text: 'Les fichiers que vous importez apparaissent ici, avec un rapport sur chaque ligne.', own_columns: { one: 'Sa {count} colonne est comprise telle quelle.', other: 'Ses {count} colonnes sont comprises telles quelles.' }, map_anyway: 'Dire soi-même ce que veulent dire les colonnes', no_changes: 'Seul le stock changerait.',
    records: 'Le fichier contient plusieurs sortes de choses. Lesquelles sont les lignes ?', count: { one: '{count} fois', other: '{count} fois' },
    use: 'Une correspondance enregistrée', use_none: 'Aucune', keep: 'Enregistrer cette correspondance sous un nom, pour les planifications et le prochain fichier', keep_it: 'Enregistrer la correspondance', kept: 'La correspondance {name} est enregistrée.', waits: 'Le coffre est scellé. L’import continue tout seul quand quelqu’un le descelle.', unseal: 'Vers le coffre',
    same: 'Le même fichier que pour l’import {id}, et rien n’a changé depuis : il n’a pas fallu le relire.', same_see: 'Voir cet import',
    paste: 'Coller un tableau', pasted: 'Ce qui a été copié', paste_hint: 'D’un tableur, avec la première ligne de noms ; ou du CSV, JSON ou XML.', look: 'Regarder', file_instead: 'Choisir plutôt un fichier', download: 'Télécharger les refusées', refused_name: 'refusées',
  },
});

// What a file was taken for: plain tables in words, the systems by their names.
export function formatName(format: string): string {
  const plain = format.replace(/^mapped /, '');
  if (plain === 'products') return t('nav.products');
  if (plain === 'orders') return t('nav.orders');
  if (plain === 'stock') return t('imports.kind_stock');
  return told(plain.replace(/^\w+(?= )/, systemName));
}
