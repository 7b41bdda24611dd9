// The frame around every page, in the look of the provider that it belongs to.

import type { Context } from 'koa';
import type { Brand } from '../brands.ts';
import { assetPath } from './assets.ts';
import { Html, html } from './html.ts';

export interface Page {
  /** The page's heading and, before the brand's name, its title. */
  heading: string;
  body: Html;
  /** The title begins with "Error:", so that a screen reader says so first (WCAG 2.2 technique G88). */
  failed?: boolean;
  /** Where the page goes on to by itself, at once. */
  refreshTo?: string;
}

export function showPage(ctx: Context, brand: Brand, page: Page, status = 200): void {
  ctx.status = status;
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${page.failed && 'Error: '}${page.heading} – ${brand.name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${page.refreshTo && html`<meta http-equiv="refresh" content="0; url=${page.refreshTo}">`}
<link rel="icon" type="image/svg+xml" href="${assetPath(`${brand.id}.svg`)}">
<link rel="stylesheet" href="${assetPath('base.css')}">
<link rel="stylesheet" href="${assetPath(`${brand.id}.css`)}">
<script type="module" src="${assetPath('page.js')}"></script>
<script type="module" src="${assetPath('times.js')}"></script>
</head>
<body>
<header class="brand">
<a href="/"><img src="${assetPath(`${brand.id}.svg`)}" width="36" height="36" alt=""><span>${brand.name}</span></a>
<p>${brand.tagline}</p>
</header>
<main>
<div class="card">
<h1>${page.heading}</h1>
${page.body}
</div>
</main>
<footer><p>${brand.footnote}</p></footer>
</body>
</html>`.text;
}

export interface Field {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'tel';
  value?: string;
  autocomplete: string;
  hint?: string;
  error?: string | undefined;
  focus?: boolean;
  inputmode?: 'numeric';
}

export function field(field: Field): Html {
  const describedBy = [field.hint && `${field.name}-hint`, field.error && `${field.name}-error`].filter(Boolean);
  return html`<div class="field${field.error && ' wrong'}">
<label for="${field.name}">${field.label}</label>
${field.hint && html`<p class="hint" id="${field.name}-hint">${field.hint}</p>`}
${field.error && html`<p class="error" id="${field.name}-error">${field.error}</p>`}
<input id="${field.name}" name="${field.name}" type="${field.type ?? 'text'}" value="${field.value ?? ''}"
 autocomplete="${field.autocomplete}" required
 ${field.type === 'email' && html`spellcheck="false" autocapitalize="none"`}
 ${field.inputmode && html`inputmode="${field.inputmode}"`}
 ${describedBy.length > 0 && html`aria-describedby="${describedBy.join(' ')}"`}
 ${field.error && html`aria-invalid="true"`} ${field.focus && html`autofocus`}>
</div>`;
}

/** Whose session is kept is in the words: a shop has a box of its own. */
export function keepBox({ name }: Brand, checked: boolean | undefined): Html {
  return html`<div class="check">
<input id="keep" name="keep" type="checkbox" value="yes"${checked && html` checked`}>
<label for="keep">Keep me signed in at ${name}</label>
</div>`;
}

/** One line of a `<dl>`; `after` stands behind its value. */
export function fact(name: string, value: Html | string, after?: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd>${after && html`<dd>${after}</dd>`}</div>`;
}

export function alert(message: string | undefined): Html | undefined {
  return message === undefined ? undefined : html`<p class="alert" role="alert">${message}</p>`;
}
