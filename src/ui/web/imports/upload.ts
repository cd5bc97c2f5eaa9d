// Sends a file as an import and tells how far it is; fetch cannot tell that, so this is an XMLHttpRequest.
import { ApiError, refusal, ways } from '../api/client.ts';
import type { ImportJob, One, Problem } from '../api/types.ts';

export interface Options { kind: string; mode: string; mapping: string; dry_run: boolean }

export function upload(file: File, options: Options, progress: (part: number) => void, signal: AbortSignal): Promise<ImportJob> {
  const form = new FormData();
  form.set('kind', options.kind);
  form.set('mode', options.mode);
  form.set('mapping', options.mapping);
  form.set('dry_run', options.dry_run ? '1' : '0');
  form.set('file', file); // last: the appliance reads the form as it comes
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/import');
    request.setRequestHeader('x-csrf-token', ways.csrf());
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new ApiError(0, { status: 0, title: 'offline' }));
    request.onabort = () => reject(new DOMException('', 'AbortError'));
    request.onload = () => {
      if (request.status === 202) {
        ways.active();
        resolve((JSON.parse(request.responseText) as One<ImportJob>).data);
        return;
      }
      let problem: Problem = { status: request.status, title: request.statusText };
      try {
        problem = JSON.parse(request.responseText) as Problem;
      } catch { /* not ours: a proxy's page */ }
      refusal({ ...problem, status: request.status }).then(reject, reject);
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

// What this page sent last, by its import: of its refused rows a file can be made. Forgotten with the page.
export const sent: { id: string; file: File | null; columns: string[] } = { id: '', file: null, columns: [] };

// What was tried with a dry run, so that it can be made so with one click. Forgotten with the page.
export const tried: { id: string; file: File | null; options: Options } = { id: '', file: null, options: { kind: '', mode: 'upsert', mapping: '', dry_run: false } };
