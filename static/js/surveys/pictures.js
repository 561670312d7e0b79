// Makes a camera's picture small enough for a village's network: 1600 pixels on the longer side, as JPEG.

const LONGEST = 1600;
const QUALITY = 0.82;

export async function shrunk(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}

export function jpegName(name) {
  return `${(name || "picture").replace(/\.[^.]*$/, "").slice(0, 80) || "picture"}.jpg`;
}
