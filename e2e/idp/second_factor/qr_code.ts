// A QR code as an SVG, made here: no script, no service elsewhere that would learn the secret.

import qrcode from 'qrcode-generator';
import { Html, html } from '../web/html.ts';

/** Modules of white around the code, without which readers do not find it (ISO/IEC 18004). */
const QUIET_ZONE = 4;

export function qrCode(text: string, description: string): Html {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  let path = '';
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) path += `M${column + QUIET_ZONE} ${row + QUIET_ZONE}h1v1h-1z`;
    }
  }
  const size = count + 2 * QUIET_ZONE;
  return html`<svg class="qr" role="img" aria-label="${description}" viewBox="0 0 ${size} ${size}"
 shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}
