// The words of saved views.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    save: 'Save view…', save_new: 'Save as a new view…', update: 'Save to this view', edit: 'Rename or share…', new_view: 'Save this view', view: 'View', name: 'Name', name_hint: 'At most 60 characters.',
    shared: 'For everybody', shared_hint: 'Whoever may see this list finds it. You and those who may change the settings can change it.', everybody: 'for everybody', saved: 'View saved.', removed: 'View removed.',
    remove_ask: 'Remove the view “{name}”?', remove_shared_ask: 'Remove the view “{name}” for everybody?', gone: 'This view is not there any more, or not for you.', by: 'Saved by {name}', mine: 'My views', all: 'For everybody', none: 'No view is saved yet. Filter or sort the list, then save it.',
    no_search: 'Your search is not saved with it: it may name a buyer, and a view would stay when the vault has forgotten him.',
  },
  nl: {
    save: 'Weergave opslaan…', save_new: 'Als nieuwe weergave opslaan…', update: 'In deze weergave opslaan', edit: 'Hernoemen of delen…', new_view: 'Deze weergave opslaan', view: 'Weergave', name: 'Naam', name_hint: 'Hoogstens 60 tekens.',
    shared: 'Voor iedereen', shared_hint: 'Wie deze lijst mag zien, vindt haar. Jij en wie de instellingen mag wijzigen kunnen haar wijzigen.', everybody: 'voor iedereen', saved: 'Weergave opgeslagen.', removed: 'Weergave verwijderd.',
    remove_ask: 'De weergave “{name}” verwijderen?', remove_shared_ask: 'De weergave “{name}” voor iedereen verwijderen?', gone: 'Deze weergave is er niet meer, of niet voor jou.', by: 'Opgeslagen door {name}', mine: 'Mijn weergaven', all: 'Voor iedereen', none: 'Er is nog geen weergave opgeslagen. Filter of sorteer de lijst en sla haar dan op.',
    no_search: 'Je zoekwoorden worden niet opgeslagen: ze kunnen een koper noemen, en een weergave zou blijven als de kluis hem vergeten is.',
  },
  de: {
    save: 'Ansicht speichern…', save_new: 'Als neue Ansicht speichern…', update: 'In dieser Ansicht speichern', edit: 'Umbenennen oder teilen…', new_view: 'Diese Ansicht speichern', view: 'Ansicht', name: 'Name', name_hint: 'Höchstens 60 Zeichen.',
    shared: 'Für alle', shared_hint: 'Wer diese Liste sehen darf, findet sie. Sie und wer die Einstellungen ändern darf, können sie ändern.', everybody: 'für alle', saved: 'Ansicht gespeichert.', removed: 'Ansicht entfernt.',
    remove_ask: 'Die Ansicht „{name}“ entfernen?', remove_shared_ask: 'Die Ansicht „{name}“ für alle entfernen?', gone: 'Diese Ansicht gibt es nicht mehr, oder nicht für Sie.', by: 'Gespeichert von {name}', mine: 'Meine Ansichten', all: 'Für alle', none: 'Noch ist keine Ansicht gespeichert. Filtern oder sortieren Sie die Liste, dann speichern Sie sie.',
    no_search: 'Ihre Suche wird nicht mitgespeichert: sie kann einen Käufer nennen, und eine Ansicht bliebe, wenn der Tresor ihn vergessen hat.',
  },
  fr: {
    save: 'Enregistrer la vue…', save_new: 'Enregistrer comme nouvelle vue…', update: 'Enregistrer dans cette vue', edit: 'Renommer ou partager…', new_view: 'Enregistrer cette vue', view: 'Vue', name: 'Nom', name_hint: '60 caractères au plus.',
    shared: 'Pour tous', shared_hint: 'Qui peut voir cette liste la trouve. Vous et ceux qui peuvent modifier les réglages pouvez la modifier.', everybody: 'pour tous', saved: 'Vue enregistrée.', removed: 'Vue supprimée.',
    remove_ask: 'Supprimer la vue « {name} » ?', remove_shared_ask: 'Supprimer la vue « {name} » pour tous ?', gone: 'Cette vue n’existe plus, ou pas pour vous.', by: 'Enregistrée par {name}', mine: 'Mes vues', all: 'Pour tous', none: 'Aucune vue n’est encore enregistrée. Filtrez ou triez la liste, puis enregistrez-la.',
    no_search: 'Votre recherche n’est pas enregistrée : elle peut nommer un acheteur, et une vue resterait quand le coffre l’a oublié.',
  },
});
