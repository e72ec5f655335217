import { mount } from 'svelte';
import { KnownBoards } from './state/known';
import { locale, preferred } from './state/locale.svelte';
import { Settings } from './state/settings.svelte';
import { browserStore } from './state/storage';
import App from './ui/App.svelte';
import { keepShell } from './ui/shell';
import { updates } from './ui/updates.svelte';
import './ui/tokens.css';
import './ui/fonts.css';
import './ui/base.css';
import './ui/controls.css';

const store = browserStore();
const settings = new Settings(store);
const known = new KnownBoards(store);
const target = document.getElementById('app');

// The first picture is in the reader's language; Finnish stands in where its texts cannot be had. Not awaited at the top level:
// the chunk of a language may need this one, and each would wait for the other.
void locale
  .use(settings.language ?? preferred(navigator.languages))
  .catch(() => undefined)
  .then(() => {
    if (target) mount(App, { target, props: { known, settings } });
  });

keepShell((update) => updates.offer(update));
