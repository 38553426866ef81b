/// The permutation Keccak-f[1600], in place.
///
/// Ours, because no maintained system library on Debian 12 offers Keccak with its original padding. All 25 lanes live
/// in locals, two rounds a step so that no lane is copied back; unrolling further is slower. Lanes are named by row
/// (b, g, k, m, s) and column (a, e, i, o, u), as in the Keccak team's own implementations. Six lanes are kept inverted
/// between the rounds, which leaves five of the 25 inversions of a round.
///
/// - Source: The Keccak reference, version 3.0, section 1.2; the inverted lanes: Keccak implementation overview,
///   version 3.2, section 2.2.
func keccakF1600(_ state: inout InlineArray<25, UInt64>) {
  var aba = state[0]
  var abe = ~state[1]
  var abi = ~state[2]
  var abo = state[3]
  var abu = state[4]
  var aga = state[5]
  var age = state[6]
  var agi = state[7]
  var ago = ~state[8]
  var agu = state[9]
  var aka = state[10]
  var ake = state[11]
  var aki = ~state[12]
  var ako = state[13]
  var aku = state[14]
  var ama = state[15]
  var ame = state[16]
  var ami = ~state[17]
  var amo = state[18]
  var amu = state[19]
  var asa = ~state[20]
  var ase = state[21]
  var asi = state[22]
  var aso = state[23]
  var asu = state[24]
  var round = 0
  while round < 24 {
    // One round from `a` to `e`.
    let pa = aba ^ aga ^ aka ^ ama ^ asa
    let pe = abe ^ age ^ ake ^ ame ^ ase
    let pi = abi ^ agi ^ aki ^ ami ^ asi
    let po = abo ^ ago ^ ako ^ amo ^ aso
    let pu = abu ^ agu ^ aku ^ amu ^ asu
    let ta = pu ^ rotated(pe, 1)
    let te = pa ^ rotated(pi, 1)
    let ti = pe ^ rotated(po, 1)
    let to = pi ^ rotated(pu, 1)
    let tu = po ^ rotated(pa, 1)
    let rba = aba ^ ta
    let rbe = rotated(age ^ te, 44)
    let rbi = rotated(aki ^ ti, 43)
    let rbo = rotated(amo ^ to, 21)
    let rbu = rotated(asu ^ tu, 14)
    let eba = rba ^ (rbe | rbi) ^ roundConstants[round]
    let ebe = rbe ^ (~rbi | rbo)
    let ebi = rbi ^ (rbo & rbu)
    let ebo = rbo ^ (rbu | rba)
    let ebu = rbu ^ (rba & rbe)
    let rga = rotated(abo ^ to, 28)
    let rge = rotated(agu ^ tu, 20)
    let rgi = rotated(aka ^ ta, 3)
    let rgo = rotated(ame ^ te, 45)
    let rgu = rotated(asi ^ ti, 61)
    let ega = rga ^ (rge | rgi)
    let ege = rge ^ (rgi & rgo)
    let egi = rgi ^ (rgo | ~rgu)
    let ego = rgo ^ (rgu | rga)
    let egu = rgu ^ (rga & rge)
    let rka = rotated(abe ^ te, 1)
    let rke = rotated(agi ^ ti, 6)
    let rki = rotated(ako ^ to, 25)
    let rko = rotated(amu ^ tu, 8)
    let rku = rotated(asa ^ ta, 18)
    let eka = rka ^ (rke | rki)
    let eke = rke ^ (rki & rko)
    let eki = rki ^ (~rko & rku)
    let eko = ~rko ^ (rku | rka)
    let eku = rku ^ (rka & rke)
    let rma = rotated(abu ^ tu, 27)
    let rme = rotated(aga ^ ta, 36)
    let rmi = rotated(ake ^ te, 10)
    let rmo = rotated(ami ^ ti, 15)
    let rmu = rotated(aso ^ to, 56)
    let ema = rma ^ (rme & rmi)
    let eme = rme ^ (rmi | rmo)
    let emi = rmi ^ (~rmo | rmu)
    let emo = ~rmo ^ (rmu & rma)
    let emu = rmu ^ (rma | rme)
    let rsa = rotated(abi ^ ti, 62)
    let rse = rotated(ago ^ to, 55)
    let rsi = rotated(aku ^ tu, 39)
    let rso = rotated(ama ^ ta, 41)
    let rsu = rotated(ase ^ te, 2)
    let esa = rsa ^ (~rse & rsi)
    let ese = ~rse ^ (rsi | rso)
    let esi = rsi ^ (rso & rsu)
    let eso = rso ^ (rsu | rsa)
    let esu = rsu ^ (rsa & rse)
    // The next, from `e` back to `a`, in a scope of its own.
    do {
      let pa = eba ^ ega ^ eka ^ ema ^ esa
      let pe = ebe ^ ege ^ eke ^ eme ^ ese
      let pi = ebi ^ egi ^ eki ^ emi ^ esi
      let po = ebo ^ ego ^ eko ^ emo ^ eso
      let pu = ebu ^ egu ^ eku ^ emu ^ esu
      let ta = pu ^ rotated(pe, 1)
      let te = pa ^ rotated(pi, 1)
      let ti = pe ^ rotated(po, 1)
      let to = pi ^ rotated(pu, 1)
      let tu = po ^ rotated(pa, 1)
      let rba = eba ^ ta
      let rbe = rotated(ege ^ te, 44)
      let rbi = rotated(eki ^ ti, 43)
      let rbo = rotated(emo ^ to, 21)
      let rbu = rotated(esu ^ tu, 14)
      aba = rba ^ (rbe | rbi) ^ roundConstants[round + 1]
      abe = rbe ^ (~rbi | rbo)
      abi = rbi ^ (rbo & rbu)
      abo = rbo ^ (rbu | rba)
      abu = rbu ^ (rba & rbe)
      let rga = rotated(ebo ^ to, 28)
      let rge = rotated(egu ^ tu, 20)
      let rgi = rotated(eka ^ ta, 3)
      let rgo = rotated(eme ^ te, 45)
      let rgu = rotated(esi ^ ti, 61)
      aga = rga ^ (rge | rgi)
      age = rge ^ (rgi & rgo)
      agi = rgi ^ (rgo | ~rgu)
      ago = rgo ^ (rgu | rga)
      agu = rgu ^ (rga & rge)
      let rka = rotated(ebe ^ te, 1)
      let rke = rotated(egi ^ ti, 6)
      let rki = rotated(eko ^ to, 25)
      let rko = rotated(emu ^ tu, 8)
      let rku = rotated(esa ^ ta, 18)
      aka = rka ^ (rke | rki)
      ake = rke ^ (rki & rko)
      aki = rki ^ (~rko & rku)
      ako = ~rko ^ (rku | rka)
      aku = rku ^ (rka & rke)
      let rma = rotated(ebu ^ tu, 27)
      let rme = rotated(ega ^ ta, 36)
      let rmi = rotated(eke ^ te, 10)
      let rmo = rotated(emi ^ ti, 15)
      let rmu = rotated(eso ^ to, 56)
      ama = rma ^ (rme & rmi)
      ame = rme ^ (rmi | rmo)
      ami = rmi ^ (~rmo | rmu)
      amo = ~rmo ^ (rmu & rma)
      amu = rmu ^ (rma | rme)
      let rsa = rotated(ebi ^ ti, 62)
      let rse = rotated(ego ^ to, 55)
      let rsi = rotated(eku ^ tu, 39)
      let rso = rotated(ema ^ ta, 41)
      let rsu = rotated(ese ^ te, 2)
      asa = rsa ^ (~rse & rsi)
      ase = ~rse ^ (rsi | rso)
      asi = rsi ^ (rso & rsu)
      aso = rso ^ (rsu | rsa)
      asu = rsu ^ (rsa & rse)
    }
    round += 2
  }
  state[0] = aba
  state[1] = ~abe
  state[2] = ~abi
  state[3] = abo
  state[4] = abu
  state[5] = aga
  state[6] = age
  state[7] = agi
  state[8] = ~ago
  state[9] = agu
  state[10] = aka
  state[11] = ake
  state[12] = ~aki
  state[13] = ako
  state[14] = aku
  state[15] = ama
  state[16] = ame
  state[17] = ~ami
  state[18] = amo
  state[19] = amu
  state[20] = ~asa
  state[21] = ase
  state[22] = asi
  state[23] = aso
  state[24] = asu
}

@inline(__always)
private func rotated(_ lane: UInt64, _ count: UInt64) -> UInt64 {
  lane &<< count | lane &>> (64 &- count)
}

/// One constant a round, added to the first lane (step iota).
private let roundConstants: InlineArray<24, UInt64> = [
  0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
  0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
  0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
  0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
  0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
  0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
]
