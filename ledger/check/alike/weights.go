package alike

// What each measure counts for, on the scale of a logit. Learned, not chosen: logistic regression on
// the planted books of learn_test.go, which writes the numbers here:
//
//	go test ./ledger/check/alike -run TestLearn -learn
//
// Measures that go together share out one effect (a name that is the same has nothing swapped and
// nothing added), so a single number says little by itself.
var weights = [measures]float64{
	mOne:               -6.62,
	mName:              -5.87,
	mNameWithin:        -4.26,
	mNameLetters:       -0.26,
	mNameSame:          2.84,
	mRarity:            1.23,
	mSwapped:           -4.39,
	mSwappedKnown:      -6.93,
	mSwappedMeaning:    -3.57,
	mAdded:             -5.62,
	mText:              -1.06,
	mVerbatim:          1.71,
	mVerbatimWithin:    1.03,
	mNoText:            0.54,
	mNoTextName:        2.15,
	mSwapVerbatim:      -5.18,
	mTextSame:          -3.03,
	mNameInText:        1.77,
	mTopic:             0.44,
	mTopicSwapped:      2.00,
	mNumbersDiffer:     -7.01,
	mTellingDiffer:     -6.36,
	mModeDiffers:       -4.27,
	mTellingOneSided:   -0.67,
	mWhomOneSided:      -0.30,
	mWhomNamed:         -3.69,
	mWhomSame:          0.76,
	mTextNumbersDiffer: -1.02,
	mTextTellingDiffer: -1.02,
	mActivity:          3.77,
	mNoActivity:        4.70,
	mNoLevel:           0.52,
	mObjective:         1.87,
	mKin:               -0.40,
	mNoObjective:       0.10,
	mAges:              10.69,
	mAgesSame:          -2.92,
	mNoAges:            6.63,
	mPlaces:            2.46,
	mWider:             -0.91,
	mNoPlaces:          -4.06,
	mMates:             -3.27,
	mMatesText:         2.33,
}
