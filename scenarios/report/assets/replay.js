// Replay of one replication: straight lines between the places of its events, at the time of the slider.
const data = JSON.parse(document.getElementById('replay-data').textContent);
const canvas = document.getElementById('replay-map');
const slider = document.getElementById('replay-time');
const clock = document.getElementById('replay-clock');
const pen = canvas.getContext('2d');
const [west, south, east, north] = data.frame;
const stretch = Math.cos(((south + north) / 2) * Math.PI / 180);
const scale = Math.min(canvas.width / ((east - west) * stretch), canvas.height / (north - south));
const x = (lon) => (lon - west) * stretch * scale;
const y = (lat) => (north - lat) * scale;

const ground = document.createElement('canvas');
ground.width = canvas.width;
ground.height = canvas.height;
const drawing = ground.getContext('2d');
drawing.strokeStyle = '#b9c0c8';
for (const line of data.roads) {
  drawing.beginPath();
  for (const [lon, lat] of line) drawing.lineTo(x(lon), y(lat));
  drawing.stroke();
}

const dot = (lon, lat, colour, size) => {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x(lon), y(lat), size, 0, 2 * Math.PI);
  pen.fill();
};

const draw = () => {
  const now = Number(slider.value);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(ground, 0, 0);
  for (const [from, to, lon, lat, answered] of data.calls) {
    if (from <= now && now < to) dot(lon, lat, answered <= now ? '#e69f00' : '#d55e00', 7);
  }
  for (const team of data.teams) {
    let at = team.home;
    let busy = false;
    for (const [from, to, a, b, out] of team.legs) {
      if (from > now) break;
      const share = to > from ? Math.min(1, (now - from) / (to - from)) : 1;
      at = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
      busy = out;
    }
    dot(at[0], at[1], busy ? '#0072b2' : '#007a59', 4);
  }
  clock.textContent = new Date(data.starts_ms + now * 1000).toISOString().slice(0, 16).replace('T', ' ');
};
slider.addEventListener('input', draw);

let playing = null;
document.getElementById('replay-play').addEventListener('click', () => {
  if (playing !== null) {
    clearInterval(playing);
    playing = null;
    return;
  }
  playing = setInterval(() => {
    slider.value = String((Number(slider.value) + 60) % Number(slider.max));
    draw();
  }, 50);
});
draw();
