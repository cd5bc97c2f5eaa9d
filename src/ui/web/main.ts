import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { startLanguage } from './i18n/i18n.svelte.ts';
import { startAppearance } from './shell/appearance.svelte.ts';
import { startRouter } from './shell/router.svelte.ts';

startAppearance();
startRouter();
await startLanguage();
mount(App, { target: document.getElementById('app') ?? document.body });
