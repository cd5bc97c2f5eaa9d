// The words of what somebody else saved while a product's page is open.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: { somebody: 'Somebody', changed: '{names} changed this meanwhile: {fields}.', both: 'You changed {fields} too; saving asks whose stays.', show: 'Show', shown: 'Shown. What you typed stays.', gone: 'This product was deleted meanwhile.', more: '{fields} and {count} more', close: 'Not now' },
  nl: { somebody: 'Iemand', changed: '{names} heeft dit intussen gewijzigd: {fields}.', both: 'Jij hebt {fields} ook gewijzigd; bij het opslaan kies je wat blijft.', show: 'Tonen', shown: 'Getoond. Wat je hebt getypt blijft.', gone: 'Dit product is intussen verwijderd.', more: '{fields} en nog {count}', close: 'Nu niet' },
  de: { somebody: 'Jemand', changed: '{names} hat dies inzwischen geändert: {fields}.', both: 'Sie haben {fields} auch geändert; beim Speichern wählen Sie, was bleibt.', show: 'Anzeigen', shown: 'Angezeigt. Was Sie eingegeben haben, bleibt.', gone: 'Dieses Produkt wurde inzwischen gelöscht.', more: '{fields} und {count} weitere', close: 'Nicht jetzt' },
  fr: { somebody: 'Quelqu’un', changed: '{names} a modifié ceci entre-temps : {fields}.', both: 'Vous avez aussi modifié {fields} ; à l’enregistrement, vous choisirez ce qui reste.', show: 'Afficher', shown: 'Affiché. Ce que vous avez saisi reste.', gone: 'Ce produit a été supprimé entre-temps.', more: '{fields} et {count} de plus', close: 'Pas maintenant' },
});
