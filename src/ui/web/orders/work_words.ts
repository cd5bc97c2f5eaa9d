// The words of picking and packing.
import type { Stage } from '../api/types.ts';
import { wordsOf } from '../i18n/i18n.svelte.ts';
import type { Tone } from '../kit/tone.ts';

export function stageTone(stage: Stage): Tone {
  return stage === 'packed' || stage === 'picked' ? 'ok' : stage === 'none' ? 'calm' : 'accent';
}
export const w = wordsOf({
  en: {
    scan_order: 'Scan a pick list or an order number', scan_piece: 'Scan a piece', ready: 'Ready to scan.', sound: 'Sound', no_order: 'No order has the number {code}.', view_pick: 'To pick', view_pack: 'To pack', view_short: 'Pieces missing', none_pick: 'Nothing is to be picked.', none_pack: 'Nothing is to be packed.', none_short: 'No piece is missing.', more: { one: '{count} more order follows.', other: '{count} more orders follow.' },
    stage_none: 'Not begun', stage_picking: 'Being picked', stage_picked: 'Picked', stage_packing: 'Being packed', stage_packed: 'Packed', work: 'Pick and pack', pick: 'Pick', pack: 'Pack',
    counted: '{name}: {done} of {all}', all_picked: 'All picked.', all_packed: 'All packed.', not_on_list: 'This is {name}, not on this list.', unknown_code: 'Nothing here has the code {code}.', complete: '{name}: there are enough already.', not_picked: '{name} is not picked yet.',
    by_hand: 'One by hand', by_hand_of: 'One by hand: {name}', missing: 'Missing', missing_of: 'Missing: {name}', missing_done: '{name}: said to be missing. The rest goes on.', missing_count: { one: '{count} missing', other: '{count} missing' }, undo: 'Undo the last scan', undone: 'Taken back: {name}.', nothing_undo: 'There is no scan to take back.', waits: { one: '{count} waits for stock', other: '{count} wait for stock' },
    parcel: 'Parcel {name}', empty_parcel: 'Nothing in it yet.', next_parcel: 'Next parcel', weight: 'Weight, grams', length: 'Length, mm', width: 'Width, mm', height: 'Height, mm', ship: 'Ship parcel {name}', shipped: 'Parcel {name} has left.', unpack_of: 'Unpack parcel {name}', unpacked: 'Parcel {name} is unpacked.', shipped_count: { one: '{count} parcel has left', other: '{count} parcels have left' }, done: 'Nothing is left to do here.', pieces_of: '{done} of {all}',
    commands: 'A scanner alone does it too: print barcodes of PF-UNDO, PF-NEXT and PF-SHIP.',
    event_picked: 'Picked', event_short: 'Said to be missing', event_packed: 'Packed', event_undone: 'Scan taken back', event_measured: 'Parcel weighed or measured', event_unpacked: 'Parcel unpacked',
  },
  nl: {
    scan_order: 'Scan een picklijst of bestelnummer', scan_piece: 'Scan een stuk', ready: 'Klaar om te scannen.', sound: 'Geluid', no_order: 'Geen bestelling heeft nummer {code}.', view_pick: 'Te picken', view_pack: 'In te pakken', view_short: 'Stuks kwijt', none_pick: 'Er is niets te picken.', none_pack: 'Er is niets in te pakken.', none_short: 'Er is geen stuk kwijt.', more: { one: 'Nog {count} bestelling.', other: 'Nog {count} bestellingen.' },
    stage_none: 'Niet begonnen', stage_picking: 'Wordt gepickt', stage_picked: 'Gepickt', stage_packing: 'Wordt ingepakt', stage_packed: 'Ingepakt', work: 'Picken en inpakken', pick: 'Picken', pack: 'Inpakken',
    counted: '{name}: {done} van {all}', all_picked: 'Alles gepickt.', all_packed: 'Alles ingepakt.', not_on_list: 'Dit is {name}, niet op deze lijst.', unknown_code: 'Niets hier heeft de code {code}.', complete: '{name}: er zijn er al genoeg.', not_picked: '{name} is nog niet gepickt.',
    by_hand: 'Eén met de hand', by_hand_of: 'Eén met de hand: {name}', missing: 'Ontbreekt', missing_of: 'Ontbreekt: {name}', missing_done: '{name}: ontbreekt. De rest gaat door.', missing_count: { one: '{count} ontbreekt', other: '{count} ontbreken' }, undo: 'Laatste scan ongedaan maken', undone: 'Teruggenomen: {name}.', nothing_undo: 'Er is geen scan om terug te nemen.', waits: { one: '{count} wacht op voorraad', other: '{count} wachten op voorraad' },
    parcel: 'Pakket {name}', empty_parcel: 'Nog niets erin.', next_parcel: 'Volgend pakket', weight: 'Gewicht, gram', length: 'Lengte, mm', width: 'Breedte, mm', height: 'Hoogte, mm', ship: 'Pakket {name} verzenden', shipped: 'Pakket {name} is weg.', unpack_of: 'Pakket {name} uitpakken', unpacked: 'Pakket {name} is uitgepakt.', shipped_count: { one: '{count} pakket is weg', other: '{count} pakketten zijn weg' }, done: 'Hier is niets meer te doen.', pieces_of: '{done} van {all}',
    commands: 'Het kan ook met de scanner alleen: druk streepjescodes af van PF-UNDO, PF-NEXT en PF-SHIP.',
    event_picked: 'Gepickt', event_short: 'Ontbreekt', event_packed: 'Ingepakt', event_undone: 'Scan teruggenomen', event_measured: 'Pakket gewogen of gemeten', event_unpacked: 'Pakket uitgepakt',
  },
  de: {
    scan_order: 'Pickliste oder Bestellnummer scannen', scan_piece: 'Stück scannen', ready: 'Bereit zum Scannen.', sound: 'Ton', no_order: 'Keine Bestellung hat die Nummer {code}.', view_pick: 'Zu picken', view_pack: 'Zu packen', view_short: 'Stücke fehlen', none_pick: 'Es ist nichts zu picken.', none_pack: 'Es ist nichts zu packen.', none_short: 'Kein Stück fehlt.', more: { one: '{count} weitere Bestellung folgt.', other: '{count} weitere Bestellungen folgen.' },
    stage_none: 'Nicht begonnen', stage_picking: 'Wird gepickt', stage_picked: 'Gepickt', stage_packing: 'Wird gepackt', stage_packed: 'Gepackt', work: 'Picken und packen', pick: 'Picken', pack: 'Packen',
    counted: '{name}: {done} von {all}', all_picked: 'Alles gepickt.', all_packed: 'Alles gepackt.', not_on_list: 'Das ist {name}, nicht auf dieser Liste.', unknown_code: 'Nichts hier hat den Code {code}.', complete: '{name}: es sind schon genug.', not_picked: '{name} ist noch nicht gepickt.',
    by_hand: 'Eins von Hand', by_hand_of: 'Eins von Hand: {name}', missing: 'Fehlt', missing_of: 'Fehlt: {name}', missing_done: '{name}: fehlt. Der Rest geht weiter.', missing_count: { one: '{count} fehlt', other: '{count} fehlen' }, undo: 'Letzten Scan zurücknehmen', undone: 'Zurückgenommen: {name}.', nothing_undo: 'Kein Scan ist zurückzunehmen.', waits: { one: '{count} wartet auf Bestand', other: '{count} warten auf Bestand' },
    parcel: 'Paket {name}', empty_parcel: 'Noch nichts darin.', next_parcel: 'Nächstes Paket', weight: 'Gewicht, Gramm', length: 'Länge, mm', width: 'Breite, mm', height: 'Höhe, mm', ship: 'Paket {name} versenden', shipped: 'Paket {name} ist unterwegs.', unpack_of: 'Paket {name} auspacken', unpacked: 'Paket {name} ist ausgepackt.', shipped_count: { one: '{count} Paket ist unterwegs', other: '{count} Pakete sind unterwegs' }, done: 'Hier ist nichts mehr zu tun.', pieces_of: '{done} von {all}',
    commands: 'Es geht auch mit dem Scanner allein: Drucken Sie Barcodes von PF-UNDO, PF-NEXT und PF-SHIP.',
    event_picked: 'Gepickt', event_short: 'Fehlt', event_packed: 'Gepackt', event_undone: 'Scan zurückgenommen', event_measured: 'Paket gewogen oder gemessen', event_unpacked: 'Paket ausgepackt',
  },
  fr: {
    scan_order: 'Scanner une liste ou un numéro de commande', scan_piece: 'Scanner une pièce', ready: 'Prêt à scanner.', sound: 'Son', no_order: 'Aucune commande n’a le numéro {code}.', view_pick: 'À prélever', view_pack: 'À emballer', view_short: 'Pièces manquantes', none_pick: 'Rien à prélever.', none_pack: 'Rien à emballer.', none_short: 'Aucune pièce ne manque.', more: { one: '{count} autre commande suit.', other: '{count} autres commandes suivent.' },
    stage_none: 'Pas commencée', stage_picking: 'Prélèvement en cours', stage_picked: 'Prélevée', stage_packing: 'Emballage en cours', stage_packed: 'Emballée', work: 'Prélever et emballer', pick: 'Prélever', pack: 'Emballer',
    counted: '{name} : {done} sur {all}', all_picked: 'Tout est prélevé.', all_packed: 'Tout est emballé.', not_on_list: 'C’est {name}, absent de cette liste.', unknown_code: 'Rien ici n’a le code {code}.', complete: '{name} : il y en a déjà assez.', not_picked: '{name} n’est pas encore prélevé.',
    by_hand: 'Une à la main', by_hand_of: 'Une à la main : {name}', missing: 'Manque', missing_of: 'Manque : {name}', missing_done: '{name} : manque. Le reste continue.', missing_count: { one: '{count} manque', other: '{count} manquent' }, undo: 'Annuler le dernier scan', undone: 'Annulé : {name}.', nothing_undo: 'Aucun scan à annuler.', waits: { one: '{count} attend du stock', other: '{count} attendent du stock' },
    parcel: 'Colis {name}', empty_parcel: 'Encore vide.', next_parcel: 'Colis suivant', weight: 'Poids, grammes', length: 'Longueur, mm', width: 'Largeur, mm', height: 'Hauteur, mm', ship: 'Expédier le colis {name}', shipped: 'Le colis {name} est parti.', unpack_of: 'Déballer le colis {name}', unpacked: 'Le colis {name} est déballé.', shipped_count: { one: '{count} colis est parti', other: '{count} colis sont partis' }, done: 'Il n’y a plus rien à faire ici.', pieces_of: '{done} sur {all}',
    commands: 'Le scanner seul suffit aussi : imprimez les codes-barres de PF-UNDO, PF-NEXT et PF-SHIP.',
    event_picked: 'Prélevé', event_short: 'Manque', event_packed: 'Emballé', event_undone: 'Scan annulé', event_measured: 'Colis pesé ou mesuré', event_unpacked: 'Colis déballé',
  },
});
