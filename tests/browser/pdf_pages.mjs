// A PDF as a person sees it: Chromium's own viewer draws it, and the picture is looked at: white paper with something on it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kWidth = 900, kHeight = 1180; // the viewer fits the width of an A4 page into it; what stands beside it is grey

export class PdfLooker {
  // `folder` holds the files while they are looked at: the viewer takes no others.
  static async start(browser, folder) {
    const looker = new PdfLooker();
    looker.folder = folder;
    looker.context = await browser.newContext({ viewport: { width: kWidth, height: kHeight } });
    looker.page = await looker.context.newPage();
    looker.first = new Map(); // of each file, as it was drawn: the viewer shows it before it turns to another page
    looker.eye = await looker.context.newPage(); // decodes what the other has drawn
    return looker;
  }
  // The share of dark and of white points in the middle of a picture.
  shares(png) {
    return this.eye.evaluate(async (picture) => {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const left = Math.round(image.width * 0.2), width = Math.round(image.width * 0.6), height = Math.round(image.height * 0.9);
      const canvas = new OffscreenCanvas(width, height), draw = canvas.getContext('2d');
      draw.drawImage(image, -left, -20);
      const { data } = draw.getImageData(0, 0, width, height);
      let dark = 0, white = 0;
      for (let i = 0; i < data.length; i += 4) {
        const light = (data[i] + data[i + 1] + data[i + 2]) / 3;
        dark += light < 110;
        white += light > 245;
      }
      return { dark: dark / (width * height), white: white / (width * height) };
    }, png.toString('base64'));
  }
  // Draws page `number` (the first before any other) to a PNG, which stays beside the file, and finds it neither blank nor blackened.
  async look(name, bytes, number = 1) {
    const file = join(this.folder, `${name}.pdf`);
    writeFileSync(file, bytes);
    await this.page.goto('about:blank');
    await this.page.goto(`file://${file}#toolbar=0&navpanes=0&page=${number}`);
    const end = Date.now() + 20_000; // a busy machine draws late
    for (;;) {
      const png = await this.page.screenshot({ path: join(this.folder, `${name}-${number}.png`) });
      const { dark, white } = await this.shares(png);
      const turned = number === 1 || !this.first.get(name)?.equals(png);
      if (turned && white > 0.6 && dark > 0.002 && dark < 0.35) {
        if (number === 1) this.first.set(name, png);
        return { dark, white };
      }
      assert.ok(Date.now() < end, `${name}, page ${number}: ${(dark * 100).toFixed(2)} % dark, ${(white * 100).toFixed(1)} % white`);
    }
  }
  async end() {
    await this.context.close();
  }
}
