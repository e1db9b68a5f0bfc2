// Nobody is served outside Monday to Friday, nine to six. A week begins with Sunday, which is 1.
const day = sys.time.weekday();
const hour = sys.time.hour();
if (day === 1 || day === 7 || hour < 9 || hour >= 18) {
    connection.discard();
}
