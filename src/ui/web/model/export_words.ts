// The words of files of what is described.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    attribute: 'Attributes', attribute_option: 'Choices', attribute_group: 'Groups', family: 'Families', family_variant: 'Variants', category: 'Categories', channel: 'Channels', association_type: 'Links', reference_kind: 'Kinds of records', measurement_family: 'Units',
    description: 'All descriptions (ZIP)', catalogue: 'Whole catalogue (ZIP)', whole: 'The whole catalogue', whole_text: 'Everything that is described, the reference records, the products and their pictures, in one file that fills an empty ProductFlow by Import. Its tables have Akeneo’s columns. Stock and orders are not in it; a backup has those.',
  },
  nl: {
    attribute: 'Kenmerken', attribute_option: 'Keuzes', attribute_group: 'Groepen', family: 'Families', family_variant: 'Varianten', category: 'Categorieën', channel: 'Kanalen', association_type: 'Koppelingen', reference_kind: 'Soorten records', measurement_family: 'Eenheden',
    description: 'Alle beschrijvingen (ZIP)', catalogue: 'Hele catalogus (ZIP)', whole: 'De hele catalogus', whole_text: 'Alles wat beschreven is, de referentierecords, de producten en hun afbeeldingen, in één bestand dat met Importeren een lege ProductFlow vult. De tabellen hebben de kolommen van Akeneo. Voorraad en bestellingen zitten er niet in; die staan in een back-up.',
  },
  de: {
    attribute: 'Merkmale', attribute_option: 'Auswahlwerte', attribute_group: 'Gruppen', family: 'Familien', family_variant: 'Varianten', category: 'Kategorien', channel: 'Kanäle', association_type: 'Verknüpfungen', reference_kind: 'Arten von Datensätzen', measurement_family: 'Einheiten',
    description: 'Alle Beschreibungen (ZIP)', catalogue: 'Ganzer Katalog (ZIP)', whole: 'Der ganze Katalog', whole_text: 'Alles, was beschrieben ist, die Referenzdatensätze, die Produkte und ihre Bilder, in einer Datei, die durch Importieren ein leeres ProductFlow füllt. Ihre Tabellen haben die Spalten von Akeneo. Bestand und Bestellungen sind nicht darin; die hat eine Sicherung.',
  },
  fr: {
    attribute: 'Attributs', attribute_option: 'Choix', attribute_group: 'Groupes', family: 'Familles', family_variant: 'Variantes', category: 'Catégories', channel: 'Canaux', association_type: 'Liens', reference_kind: 'Types de fiches', measurement_family: 'Unités',
    description: 'Toutes les descriptions (ZIP)', catalogue: 'Tout le catalogue (ZIP)', whole: 'Tout le catalogue', whole_text: 'Tout ce qui est décrit, les fiches de référence, les produits et leurs images, dans un seul fichier qui remplit un ProductFlow vide par Importer. Ses tableaux ont les colonnes d’Akeneo. Le stock et les commandes n’y sont pas ; une sauvegarde les contient.',
  },
});
