// Those who listen to an appliance: a stream of events, and a receiver of webhooks with a certificate of its own.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';

const kPatience = 20_000; // ms; a test that waits longer has failed

// Waits until `list` has something that `fits`; it may be there already.
class Arrivals {
  constructor() { this.list = []; this.waiting = new Set(); }
  push(one) {
    this.list.push(one);
    for (const look of [...this.waiting]) look();
  }
  until(fits, what) {
    return new Promise((done, fail) => {
      const look = () => {
        const found = this.list.find(fits);
        if (found === undefined) return;
        this.waiting.delete(look);
        clearTimeout(limit);
        done(found);
      };
      const limit = setTimeout(() => { this.waiting.delete(look); fail(new Error(`${what} did not come; there is ${JSON.stringify(this.list).slice(0, 2000)}`)); }, kPatience);
      this.waiting.add(look);
      look();
    });
  }
  async count(number, what) { await this.until((_one, at) => at === number - 1, `${number} of ${what}`); }
}

// Server-sent events: { id, event, data } in `told`.
export class Stream {
  static async open(appliance, { path = '/api/v1/event', headers = {}, token = appliance.token } = {}) {
    const stream = new Stream();
    stream.told = new Arrivals();
    await new Promise((done, fail) => {
      stream.request = https.request({ host: appliance.url.hostname, port: appliance.url.port, path, ca: appliance.ca, agent: false, headers: { accept: 'text/event-stream', ...(token && { authorization: `Bearer ${token}` }), ...headers } }, (response) => {
        stream.status = response.statusCode;
        stream.headers = response.headers;
        stream.ended = new Promise((over) => { response.on('close', over); });
        response.on('error', () => {});
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece) => {
          text += piece;
          for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
            const fields = Object.fromEntries(text.slice(0, end).split('\n').filter((line) => line && !line.startsWith(':')).map((line) => /^(\w+): ?(.*)$/.exec(line).slice(1)));
            if (fields.event) stream.told.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) });
          }
        });
        done();
      });
      stream.request.on('error', fail);
      stream.request.end();
    });
    return stream;
  }
  hears(event, fits = () => true) { return this.told.until((one) => one.event === event && fits(one.data.data, one), event); }
  close() { this.request.destroy(); }
}

export class Receiver {
  // Answers with the certificate of `data`, whose authority is not one that the machine trusts.
  static async start(data, port = 0) {
    const receiver = new Receiver();
    receiver.got = new Arrivals();
    receiver.answer = (_request, response) => response.writeHead(204).end();
    receiver.server = https.createServer({ cert: readFileSync(join(data, 'tls', 'server.pem')), key: readFileSync(join(data, 'tls', 'server.key')) }, (request, response) => {
      const pieces = [];
      request.on('data', (piece) => pieces.push(piece));
      request.on('end', () => {
        const body = Buffer.concat(pieces).toString('utf8');
        receiver.got.push({ method: request.method, url: request.url, headers: request.headers, body, json: JSON.parse(body) });
        receiver.answer(request, response);
      });
    });
    receiver.authority = readFileSync(join(data, 'tls', 'ca.pem'), 'utf8');
    await new Promise((done) => receiver.server.listen(port, '127.0.0.1', done));
    receiver.port = receiver.server.address().port;
    receiver.host = `127.0.0.1:${receiver.port}`;
    receiver.url = `https://${receiver.host}/hook`;
    return receiver;
  }
  gets(type, fits = () => true) { return this.got.until((one) => one.json.type === type && fits(one.json.data, one), type); }
  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

// Standard Webhooks, written from the specification and not from our code. The number of signatures that hold.
export function signaturesThatHold(secret, { headers, body }) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest();
  if (Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) > 300) return 0;
  return headers['webhook-signature'].split(' ').filter((one) => {
    const [version, text] = one.split(',');
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
  }).length;
}
