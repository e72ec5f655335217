import { mount } from 'svelte';
import App from './ui/App.svelte';
import { keepShell } from './ui/shell';
import './ui/tokens.css';
import './ui/fonts.css';
import './ui/base.css';

const target = document.getElementById('app');
if (target) mount(App, { target });

keepShell(() => undefined);
