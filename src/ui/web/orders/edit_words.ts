// The words of changing an order.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    edit: 'Change', title: 'Change order {name}', text: 'What is shipped, cancelled or refunded stays. Stock and total follow; the timeline keeps what it was.', lines: 'Articles', pieces_of: 'Pieces of {name}', add: 'Add an article', sku: 'SKU', sku_hint: 'Empty for a free line.', name: 'Title', price: 'Price of one', pieces: 'Pieces', take_off: 'Take off {name}', new_line: 'New article {number}', message: 'Why', message_hint: 'Becomes a note for the team, sealed like the buyer’s data.', save: 'Change the order', done: 'Changed.', event_edited: 'Changed', removed: 'Removed', due: 'Still to be paid',
  },
  nl: {
    edit: 'Wijzigen', title: 'Bestelling {name} wijzigen', text: 'Wat verzonden, geannuleerd of terugbetaald is, blijft. Voorraad en totaal volgen; de tijdlijn bewaart hoe het was.', lines: 'Artikelen', pieces_of: 'Stuks van {name}', add: 'Artikel toevoegen', sku: 'SKU', sku_hint: 'Leeg voor een vrije regel.', name: 'Titel', price: 'Prijs per stuk', pieces: 'Stuks', take_off: '{name} weghalen', new_line: 'Nieuw artikel {number}', message: 'Waarom', message_hint: 'Wordt een notitie voor het team, verzegeld net als de gegevens van de koper.', save: 'Bestelling wijzigen', done: 'Gewijzigd.', event_edited: 'Gewijzigd', removed: 'Verwijderd', due: 'Nog te betalen',
  },
  de: {
    edit: 'Ändern', title: 'Bestellung {name} ändern', text: 'Was versandt, storniert oder erstattet ist, bleibt. Bestand und Summe folgen; der Verlauf behält, was war.', lines: 'Artikel', pieces_of: 'Stücke von {name}', add: 'Artikel hinzufügen', sku: 'SKU', sku_hint: 'Leer für eine freie Zeile.', name: 'Titel', price: 'Stückpreis', pieces: 'Stücke', take_off: '{name} entfernen', new_line: 'Neuer Artikel {number}', message: 'Warum', message_hint: 'Wird eine Notiz für das Team, versiegelt wie die Käuferdaten.', save: 'Bestellung ändern', done: 'Geändert.', event_edited: 'Geändert', removed: 'Entfernt', due: 'Noch zu zahlen',
  },
  fr: {
    edit: 'Modifier', title: 'Modifier la commande {name}', text: 'Ce qui est expédié, annulé ou remboursé reste. Le stock et le total suivent ; l’historique garde ce qui était.', lines: 'Articles', pieces_of: 'Pièces de {name}', add: 'Ajouter un article', sku: 'SKU', sku_hint: 'Vide pour une ligne libre.', name: 'Titre', price: 'Prix unitaire', pieces: 'Pièces', take_off: 'Retirer {name}', new_line: 'Nouvel article {number}', message: 'Pourquoi', message_hint: 'Devient une note pour l’équipe, scellée comme les données de l’acheteur.', save: 'Modifier la commande', done: 'Modifiée.', event_edited: 'Modifiée', removed: 'Retiré', due: 'Reste à payer',
  },
});
