// Symbols are drawn from their outlines when the map starts: no sprite is loaded from anywhere.
import type { LayerStyle } from './page_data';

const OUTLINE_UNITS = 9;
const OUTLINE_REACH = 11; // the longest outline, that of the star

/** The symbol as an image of `scale` device pixels per pixel. */
export function symbolImage(style: LayerStyle, scale: number): ImageData {
  const zoom = (style.size / OUTLINE_UNITS) * scale;
  const half = Math.ceil(zoom * OUTLINE_REACH + (style.width * scale) / 2);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 2 * half;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen || style.path === null) throw new Error('a symbol needs an outline and a 2D canvas');
  pen.translate(half, half);
  pen.scale(zoom, zoom);
  const outline = new Path2D(style.path);
  pen.fillStyle = style.fill ?? 'transparent';
  pen.fill(outline);
  pen.lineWidth = (style.width * scale) / zoom;
  pen.lineJoin = 'round';
  pen.strokeStyle = style.stroke;
  pen.stroke(outline);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
