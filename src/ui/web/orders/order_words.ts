// The words of holds, tags and notes on the order pages.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    unknown: 'Not in the catalogue', link: 'Choose its product', link_title: 'Which product is {name}?', link_text: 'The channel calls it {sku}, which is no product’s number. Its pieces come from the stock of the product that you choose.', link_found: 'Products', link_none: 'No product fits.', linked_done: 'Linked.', event_line_linked: 'Linked to a product', called: '{channel} calls it {sku}',
    packing_slip: 'Packing slip', packing_slip_of: 'Packing slip: {parcel}',
    hold: 'Hold back', hold_title: 'Hold back order {name}', hold_text: 'It is neither picked nor shipped until the hold is released. Its stock stays promised to it.', hold_reason: 'Why', hold_message: 'More about it', hold_message_hint: 'Becomes a note for the team, sealed like the buyer’s data.',
    hold_now: 'Hold it back', held_done: 'On hold.', released_done: 'Released.', release: 'Release', release_of: 'Release the hold: {reason}', on_hold: 'On hold', holds: 'On hold', held_by: '{by}, {time}',
    reason_manual: 'Our own decision', reason_fraud: 'Suspected fraud', reason_address: 'Address in doubt', reason_stock: 'Stock in doubt', reason_buyer_cancel_request: 'The buyer asks to cancel', reason_payment: 'Payment in doubt',
    tags: 'Tags', tag: 'Tag', add_tag: 'Add', tag_hint: 'A word or two of your own; never a person’s name.', remove_tag: 'Take off {tag}', no_tags: 'None yet.', tagged_done: 'Tag added.', untagged_done: 'Tag taken off.',
    note_for: 'For', for_team: 'the team', for_buyer: 'the buyer', note_for_buyer: 'For the buyer',
    event_held: 'Held back', event_released: 'Released', event_tagged: 'Tagged', event_untagged: 'Tag taken off', event_buyer_erased: 'Buyer erased',
  },
  nl: {
    unknown: 'Niet in de catalogus', link: 'Product kiezen', link_title: 'Welk product is {name}?', link_text: 'Het kanaal noemt het {sku}; dat is van geen product het nummer. De stuks komen uit de voorraad van het product dat je kiest.', link_found: 'Producten', link_none: 'Geen product gevonden.', linked_done: 'Gekoppeld.', event_line_linked: 'Aan een product gekoppeld', called: '{channel} noemt het {sku}',
    packing_slip: 'Pakbon', packing_slip_of: 'Pakbon: {parcel}',
    hold: 'Vasthouden', hold_title: 'Bestelling {name} vasthouden', hold_text: 'Er wordt niets gepickt of verzonden totdat dit is opgeheven. De voorraad blijft voor deze bestelling gereserveerd.', hold_reason: 'Waarom', hold_message: 'Meer hierover', hold_message_hint: 'Wordt een notitie voor het team, verzegeld net als de gegevens van de koper.',
    hold_now: 'Vasthouden', held_done: 'Wordt vastgehouden.', released_done: 'Vrijgegeven.', release: 'Vrijgeven', release_of: 'Vrijgeven: {reason}', on_hold: 'Vastgehouden', holds: 'Vastgehouden', held_by: '{by}, {time}',
    reason_manual: 'Eigen besluit', reason_fraud: 'Vermoeden van fraude', reason_address: 'Twijfel over het adres', reason_stock: 'Twijfel over de voorraad', reason_buyer_cancel_request: 'De koper wil annuleren', reason_payment: 'Twijfel over de betaling',
    tags: 'Labels', tag: 'Label', add_tag: 'Toevoegen', tag_hint: 'Een of twee eigen woorden; nooit de naam van een persoon.', remove_tag: '{tag} weghalen', no_tags: 'Nog geen.', tagged_done: 'Label toegevoegd.', untagged_done: 'Label weggehaald.',
    note_for: 'Voor', for_team: 'het team', for_buyer: 'de koper', note_for_buyer: 'Voor de koper',
    event_held: 'Vastgehouden', event_released: 'Vrijgegeven', event_tagged: 'Label erop', event_untagged: 'Label eraf', event_buyer_erased: 'Koper gewist',
  },
  de: {
    unknown: 'Nicht im Katalog', link: 'Produkt wählen', link_title: 'Welches Produkt ist {name}?', link_text: 'Der Kanal nennt es {sku}; das ist keines Produkts Nummer. Die Stücke kommen aus dem Bestand des Produkts, das Sie wählen.', link_found: 'Produkte', link_none: 'Kein Produkt passt.', linked_done: 'Verknüpft.', event_line_linked: 'Mit einem Produkt verknüpft', called: '{channel} nennt es {sku}',
    packing_slip: 'Packzettel', packing_slip_of: 'Packzettel: {parcel}',
    hold: 'Zurückhalten', hold_title: 'Bestellung {name} zurückhalten', hold_text: 'Es wird nichts gepackt oder versandt, bis sie freigegeben ist. Ihr Bestand bleibt für sie reserviert.', hold_reason: 'Warum', hold_message: 'Mehr dazu', hold_message_hint: 'Wird eine Notiz für das Team, versiegelt wie die Käuferdaten.',
    hold_now: 'Zurückhalten', held_done: 'Wird zurückgehalten.', released_done: 'Freigegeben.', release: 'Freigeben', release_of: 'Freigeben: {reason}', on_hold: 'Zurückgehalten', holds: 'Zurückgehalten', held_by: '{by}, {time}',
    reason_manual: 'Eigene Entscheidung', reason_fraud: 'Betrugsverdacht', reason_address: 'Adresse zweifelhaft', reason_stock: 'Bestand zweifelhaft', reason_buyer_cancel_request: 'Käufer möchte stornieren', reason_payment: 'Zahlung zweifelhaft',
    tags: 'Schlagwörter', tag: 'Schlagwort', add_tag: 'Hinzufügen', tag_hint: 'Ein oder zwei eigene Wörter; nie der Name einer Person.', remove_tag: '{tag} entfernen', no_tags: 'Noch keine.', tagged_done: 'Schlagwort hinzugefügt.', untagged_done: 'Schlagwort entfernt.',
    note_for: 'Für', for_team: 'das Team', for_buyer: 'den Käufer', note_for_buyer: 'Für den Käufer',
    event_held: 'Zurückgehalten', event_released: 'Freigegeben', event_tagged: 'Schlagwort gesetzt', event_untagged: 'Schlagwort entfernt', event_buyer_erased: 'Käufer gelöscht',
  },
  fr: {
    unknown: 'Absent du catalogue', link: 'Choisir le produit', link_title: 'Quel produit est {name} ?', link_text: 'Le canal l’appelle {sku}, qui n’est le numéro d’aucun produit. Les pièces viennent du stock du produit que vous choisissez.', link_found: 'Produits', link_none: 'Aucun produit ne convient.', linked_done: 'Lié.', event_line_linked: 'Lié à un produit', called: '{channel} l’appelle {sku}',
    packing_slip: 'Bon de livraison', packing_slip_of: 'Bon de livraison : {parcel}',
    hold: 'Bloquer', hold_title: 'Bloquer la commande {name}', hold_text: 'Rien n’est préparé ni expédié tant qu’elle n’est pas débloquée. Son stock lui reste réservé.', hold_reason: 'Pourquoi', hold_message: 'Précisions', hold_message_hint: 'Devient une note pour l’équipe, scellée comme les données de l’acheteur.',
    hold_now: 'Bloquer', held_done: 'Commande bloquée.', released_done: 'Débloquée.', release: 'Débloquer', release_of: 'Débloquer : {reason}', on_hold: 'Bloquée', holds: 'Bloquée', held_by: '{by}, {time}',
    reason_manual: 'Notre décision', reason_fraud: 'Soupçon de fraude', reason_address: 'Adresse douteuse', reason_stock: 'Stock incertain', reason_buyer_cancel_request: 'L’acheteur veut annuler', reason_payment: 'Paiement incertain',
    tags: 'Étiquettes', tag: 'Étiquette', add_tag: 'Ajouter', tag_hint: 'Un ou deux mots à vous ; jamais le nom d’une personne.', remove_tag: 'Retirer {tag}', no_tags: 'Aucune.', tagged_done: 'Étiquette ajoutée.', untagged_done: 'Étiquette retirée.',
    note_for: 'Pour', for_team: 'l’équipe', for_buyer: 'l’acheteur', note_for_buyer: 'Pour l’acheteur',
    event_held: 'Bloquée', event_released: 'Débloquée', event_tagged: 'Étiquette posée', event_untagged: 'Étiquette retirée', event_buyer_erased: 'Acheteur effacé',
  },
});
