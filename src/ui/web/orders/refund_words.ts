// The words of refunds.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    give: 'Refund', title: 'Refund of order {name}', text: 'Records money that goes back; it moves at the channel or your bank. At most {left} is left.', lines: 'Of the articles', line_amount: 'Amount of {name}', line_pieces: 'Refunded pieces of {name}', pieces: 'Pieces', amount: 'Amount', left: 'Left', shipping: 'Of the shipping cost', tax: 'Of the tax', other: 'Another amount',
    reason: 'Why', message: 'More about it', message_hint: 'Becomes a note for the team, sealed like the buyer’s data.', identifier: 'Its number', identifier_hint: 'Empty: REF01, REF02, …', sum: 'Goes back', give_now: 'Record the refund', done: 'Refund recorded.',
    reason_returned: 'Sent back', reason_cancelled: 'Cancelled', reason_damaged: 'Damaged', reason_late: 'Too late', reason_price: 'Price', reason_goodwill: 'Goodwill', reason_other: 'Other',
    refunds: 'Refunds', number: 'Refund', what: 'Of what', refunded: 'Refunded', balance: 'Balance', paid: 'Paid', tax_total: 'Tax', event_refunded: 'Refunded', refunded_pieces: { one: '{count} refunded', other: '{count} refunded' }, what_shipping: 'shipping {amount}', what_tax: 'tax {amount}', what_other: 'other {amount}',
  },
  nl: {
    give: 'Terugbetalen', title: 'Terugbetaling van bestelling {name}', text: 'Legt vast welk geld teruggaat; het gaat via het kanaal of je bank. Hoogstens {left} is nog over.', lines: 'Van de artikelen', line_amount: 'Bedrag van {name}', line_pieces: 'Terugbetaalde stuks van {name}', pieces: 'Stuks', amount: 'Bedrag', left: 'Over', shipping: 'Van de verzendkosten', tax: 'Van de belasting', other: 'Ander bedrag',
    reason: 'Waarom', message: 'Meer hierover', message_hint: 'Wordt een notitie voor het team, verzegeld net als de gegevens van de koper.', identifier: 'Nummer ervan', identifier_hint: 'Leeg: REF01, REF02, …', sum: 'Gaat terug', give_now: 'Terugbetaling vastleggen', done: 'Terugbetaling vastgelegd.',
    reason_returned: 'Teruggestuurd', reason_cancelled: 'Geannuleerd', reason_damaged: 'Beschadigd', reason_late: 'Te laat', reason_price: 'Prijs', reason_goodwill: 'Coulance', reason_other: 'Anders',
    refunds: 'Terugbetalingen', number: 'Terugbetaling', what: 'Waarvan', refunded: 'Terugbetaald', balance: 'Saldo', paid: 'Betaald', tax_total: 'Belasting', event_refunded: 'Terugbetaald', refunded_pieces: { one: '{count} terugbetaald', other: '{count} terugbetaald' }, what_shipping: 'verzending {amount}', what_tax: 'belasting {amount}', what_other: 'anders {amount}',
  },
  de: {
    give: 'Erstatten', title: 'Erstattung der Bestellung {name}', text: 'Hält fest, welches Geld zurückgeht; es fließt beim Kanal oder über Ihre Bank. Höchstens {left} sind übrig.', lines: 'Von den Artikeln', line_amount: 'Betrag von {name}', line_pieces: 'Erstattete Stücke von {name}', pieces: 'Stück', amount: 'Betrag', left: 'Übrig', shipping: 'Von den Versandkosten', tax: 'Von der Steuer', other: 'Anderer Betrag',
    reason: 'Warum', message: 'Mehr dazu', message_hint: 'Wird eine Notiz für das Team, versiegelt wie die Käuferdaten.', identifier: 'Ihre Nummer', identifier_hint: 'Leer: REF01, REF02, …', sum: 'Geht zurück', give_now: 'Erstattung festhalten', done: 'Erstattung festgehalten.',
    reason_returned: 'Zurückgeschickt', reason_cancelled: 'Storniert', reason_damaged: 'Beschädigt', reason_late: 'Zu spät', reason_price: 'Preis', reason_goodwill: 'Kulanz', reason_other: 'Anderes',
    refunds: 'Erstattungen', number: 'Erstattung', what: 'Wovon', refunded: 'Erstattet', balance: 'Saldo', paid: 'Bezahlt', tax_total: 'Steuer', event_refunded: 'Erstattet', refunded_pieces: { one: '{count} erstattet', other: '{count} erstattet' }, what_shipping: 'Versand {amount}', what_tax: 'Steuer {amount}', what_other: 'anderes {amount}',
  },
  fr: {
    give: 'Rembourser', title: 'Remboursement de la commande {name}', text: 'Consigne l’argent rendu ; il passe par le canal ou votre banque. Il reste au plus {left}.', lines: 'Sur les articles', line_amount: 'Montant de {name}', line_pieces: 'Pièces remboursées de {name}', pieces: 'Pièces', amount: 'Montant', left: 'Reste', shipping: 'Sur les frais de port', tax: 'Sur la taxe', other: 'Autre montant',
    reason: 'Pourquoi', message: 'Précisions', message_hint: 'Devient une note pour l’équipe, scellée comme les données de l’acheteur.', identifier: 'Son numéro', identifier_hint: 'Vide : REF01, REF02, …', sum: 'Est rendu', give_now: 'Consigner le remboursement', done: 'Remboursement consigné.',
    reason_returned: 'Renvoyé', reason_cancelled: 'Annulé', reason_damaged: 'Abîmé', reason_late: 'Trop tard', reason_price: 'Prix', reason_goodwill: 'Geste commercial', reason_other: 'Autre',
    refunds: 'Remboursements', number: 'Remboursement', what: 'Sur quoi', refunded: 'Remboursé', balance: 'Solde', paid: 'Payé', tax_total: 'Taxe', event_refunded: 'Remboursé', refunded_pieces: { one: '{count} remboursée', other: '{count} remboursées' }, what_shipping: 'port {amount}', what_tax: 'taxe {amount}', what_other: 'autre {amount}',
  },
});
