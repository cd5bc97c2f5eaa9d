// The words of the access review.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: {
    title: 'Access review', intro: 'Each quarter, somebody looks at every person and every program, decides who keeps access, and signs. Who is not kept is out at once.',
    due: 'Due on {date}', overdue: 'Was due on {date}', person: 'Person', program: 'Program', used: 'Last used', look: 'Look twice', decision: 'Decision', keep: 'Keep', end_person: 'Stop', end_program: 'Remove',
    never_used: 'never used', quiet: 'unused for 90 days', no_second_factor: 'no second factor', owner: 'may do everything', no_end: 'never expires', all: 'may do everything',
    note: 'Note', note_hint: 'What you found and what comes of it. It is signed too, and kept.', decided: '{done} of {all} decided', stops: { one: '{count} loses access', other: '{count} lose access' },
    sign: 'Sign the review', signed: 'The review is signed and kept.', past: 'Signed reviews', by: 'Signed by', outcome: 'Outcome', outcome_text: '{people} people, {stopped} stopped; {programs} programs, {removed} removed',
    whole: 'signature holds', broken: 'signature does not hold', none: 'None was signed yet.', no_programs: 'There are no programs.', copy: 'Copy record and signature', legend: 'Decision on {name}',
  },
  nl: {
    title: 'Toegangscontrole', intro: 'Elk kwartaal bekijkt iemand elke persoon en elk programma, beslist wie toegang houdt, en ondertekent. Wie geen toegang houdt, is er meteen uit.',
    due: 'Te doen vóór {date}', overdue: 'Had vóór {date} gedaan moeten zijn', person: 'Persoon', program: 'Programma', used: 'Laatst gebruikt', look: 'Let op', decision: 'Besluit', keep: 'Houden', end_person: 'Stoppen', end_program: 'Verwijderen',
    never_used: 'nooit gebruikt', quiet: '90 dagen niet gebruikt', no_second_factor: 'geen tweede factor', owner: 'mag alles', no_end: 'verloopt nooit', all: 'mag alles',
    note: 'Opmerking', note_hint: 'Wat je vond en wat eruit volgt. Wordt mee ondertekend en bewaard.', decided: '{done} van {all} beslist', stops: { one: '{count} verliest toegang', other: '{count} verliezen toegang' },
    sign: 'Controle ondertekenen', signed: 'De controle is ondertekend en bewaard.', past: 'Ondertekende controles', by: 'Ondertekend door', outcome: 'Uitkomst', outcome_text: '{people} personen, {stopped} gestopt; {programs} programma’s, {removed} verwijderd',
    whole: 'handtekening klopt', broken: 'handtekening klopt niet', none: 'Er is er nog geen ondertekend.', no_programs: 'Er zijn geen programma’s.', copy: 'Verslag en handtekening kopiëren', legend: 'Besluit over {name}',
  },
  de: {
    title: 'Zugriffsprüfung', intro: 'Jedes Quartal sieht jemand jede Person und jedes Programm an, entscheidet, wer Zugriff behält, und unterschreibt. Wer ihn nicht behält, ist sofort draußen.',
    due: 'Fällig am {date}', overdue: 'War am {date} fällig', person: 'Person', program: 'Programm', used: 'Zuletzt benutzt', look: 'Genau hinsehen', decision: 'Entscheidung', keep: 'Behalten', end_person: 'Sperren', end_program: 'Entfernen',
    never_used: 'nie benutzt', quiet: '90 Tage unbenutzt', no_second_factor: 'kein zweiter Faktor', owner: 'darf alles', no_end: 'läuft nie ab', all: 'darf alles',
    note: 'Bemerkung', note_hint: 'Was auffiel und was daraus folgt. Wird mit unterschrieben und aufbewahrt.', decided: '{done} von {all} entschieden', stops: { one: '{count} verliert den Zugriff', other: '{count} verlieren den Zugriff' },
    sign: 'Prüfung unterschreiben', signed: 'Die Prüfung ist unterschrieben und aufbewahrt.', past: 'Unterschriebene Prüfungen', by: 'Unterschrieben von', outcome: 'Ergebnis', outcome_text: '{people} Personen, {stopped} gesperrt; {programs} Programme, {removed} entfernt',
    whole: 'Signatur stimmt', broken: 'Signatur stimmt nicht', none: 'Noch keine unterschrieben.', no_programs: 'Es gibt keine Programme.', copy: 'Bericht und Signatur kopieren', legend: 'Entscheidung über {name}',
  },
  fr: {
    title: 'Revue des accès', intro: 'Chaque trimestre, quelqu’un examine chaque personne et chaque programme, décide qui garde l’accès, et signe. Qui ne le garde pas est dehors aussitôt.',
    due: 'À faire avant le {date}', overdue: 'Était à faire avant le {date}', person: 'Personne', program: 'Programme', used: 'Dernier usage', look: 'À regarder', decision: 'Décision', keep: 'Garder', end_person: 'Suspendre', end_program: 'Retirer',
    never_used: 'jamais utilisé', quiet: 'inutilisé depuis 90 jours', no_second_factor: 'pas de second facteur', owner: 'peut tout faire', no_end: 'n’expire jamais', all: 'peut tout faire',
    note: 'Remarque', note_hint: 'Ce que vous avez trouvé et ce qui s’ensuit. Elle est signée aussi, et conservée.', decided: '{done} sur {all} décidés', stops: { one: '{count} perd l’accès', other: '{count} perdent l’accès' },
    sign: 'Signer la revue', signed: 'La revue est signée et conservée.', past: 'Revues signées', by: 'Signée par', outcome: 'Résultat', outcome_text: '{people} personnes, {stopped} suspendues ; {programs} programmes, {removed} retirés',
    whole: 'signature valable', broken: 'signature non valable', none: 'Aucune n’est signée encore.', no_programs: 'Il n’y a pas de programmes.', copy: 'Copier le rapport et la signature', legend: 'Décision sur {name}',
  },
});
