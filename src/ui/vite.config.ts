import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { iconNames } from './web/kit/icon_names.ts';

// One sprite of the icons that are used, from lucide-static; a page shows one by <use href="...#name">.
function iconSprite(): Plugin {
  const name = 'virtual:icon-sprite';
  return {
    name,
    resolveId: (id) => (id === name ? '\0' + name : undefined),
    load(id) {
      if (id !== '\0' + name) return undefined;
      const symbols = iconNames.map((icon) => {
        const svg = readFileSync(fileURLToPath(new URL(`node_modules/lucide-static/icons/${icon}.svg`, import.meta.url)), 'utf8');
        const shapes = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
        if (shapes === undefined) throw new Error(`lucide-static has no usable icon "${icon}"`);
        return `<symbol id="${icon}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, ' ').trim()}</symbol>`;
      });
      const reference = this.emitFile({
        type: 'asset', name: 'icons.svg',
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`,
      });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}

export default defineConfig({
  plugins: [svelte(), iconSprite()],
  base: '/',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the Content-Security-Policy allows no data: but for images
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 300,
    rolldownOptions: {
      checks: { bundlerTimings: false },
      // What every page needs comes in one file instead of twenty: each request costs a kilobyte of heads and a round trip.
      // What is named after a (?! is loaded when somebody asks for it.
      output: { codeSplitting: { groups: [{
        name: 'base',
        test: /node_modules[\\/](?!uqr)|web[\\/](App|main|pages|kit|api)|web[\\/](shell|access)[\\/](?!Palette|Keys|key_words|keep_focus|SetUp|Join|Enrol|ConfirmPassword|passkeys\.ts)/,
      }, {
        // The same of what most pages about products need, a page of which would ask for ten files of a kilobyte each.
        name: 'catalogue',
        test: /web[\\/](products[\\/](product|draft|decimals|column_choice|described|field_columns|ProductCell|family_fields|variant_axes)|model[\\/]model)\.(ts|svelte)$/,
      }] } },
    },
  },
});
